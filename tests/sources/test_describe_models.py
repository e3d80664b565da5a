"""Models and their arrays: scikit-learn, torch, JAX, TensorFlow and Keras."""

import pytest
from counting import calls_during

from askance.sources.describe import describe, fingerprint

np = pytest.importorskip("numpy")


def data():
    pd = pytest.importorskip("pandas")
    return pd.DataFrame({"a": range(20), "b": range(20)}), ["no", "yes"] * 10


def test_estimators():
    """Parameters that differ from the defaults, and what it was fitted on."""
    linear = pytest.importorskip("sklearn.linear_model")
    model, name = linear.LogisticRegression(C=3), "sklearn.linear_model.LogisticRegression"
    assert describe(model) == f"{name}(C=3), not fitted"
    assert describe(model, "full", 1) == f"{name}(C), not fitted"
    before = fingerprint(model)
    model.fit(*data())
    assert describe(model) == f"{name}(C=3), fitted on 2 features: a, b; 2 classes"
    assert "coef_: float64, shape (1, 2)" in describe(model, "excerpt")
    assert "'yes'" not in describe(model, "full", 2)
    assert "'yes'" in describe(model, "full", 3)
    assert fingerprint(model) != before


def test_pipelines():
    """The steps, each like an estimator of its own."""
    make_pipeline = pytest.importorskip("sklearn.pipeline").make_pipeline
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GridSearchCV
    from sklearn.preprocessing import StandardScaler

    columns = ColumnTransformer([("number", StandardScaler(), ["a"]), ("rest", "passthrough", ["b"])])
    pipeline = make_pipeline(columns, Ridge(alpha=2.0))
    assert describe(pipeline).splitlines() == [
        "sklearn.pipeline.Pipeline(), not fitted",
        "  columntransformer: sklearn.compose.ColumnTransformer(), not fitted",
        "    number: sklearn.preprocessing.StandardScaler(), not fitted",
        "    rest: passthrough",
        "  ridge: sklearn.linear_model.Ridge(alpha=2.0), not fitted",
    ]
    pipeline.fit(data()[0], range(20))
    assert describe(pipeline).startswith("sklearn.pipeline.Pipeline(), fitted in its steps")
    search = GridSearchCV(Ridge(), {"alpha": [1, 2]}, cv=2).fit(data()[0], range(20))
    assert "param_grid={'alpha': [1, 2]}" in describe(search)
    assert "best_params_: {'alpha': " in describe(search, "excerpt")


def test_tensors():
    """dtype, shape, device; small values of tensors in memory at excerpt; the fingerprint counts changes in place."""
    torch = pytest.importorskip("torch")
    tensor = torch.zeros(3, 4)
    assert describe(tensor, "full", 3) == "torch.Tensor float32, shape (3, 4), cpu"
    assert describe(torch.nn.Parameter(torch.ones(2))) == "torch.nn.Parameter float32, shape (2,), cpu, requires grad"
    assert describe(torch.tensor(2.5), "excerpt", 2).endswith("values: 2.5")
    assert describe(torch.zeros(2, device="meta"), "full", 3) == "torch.Tensor float32, shape (2,), meta"
    before = fingerprint(tensor)
    assert fingerprint(torch.zeros(3, 4)) == before
    tensor.add_(1)
    assert fingerprint(tensor) != before
    with torch.inference_mode():
        assert "float32" in describe(torch.zeros(3))
        assert fingerprint(torch.zeros(3)) != fingerprint(torch.zeros(4))


def net(torch):
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = torch.nn.Conv2d(1, 8, 3)
            self.body = torch.nn.Sequential(torch.nn.Linear(10, 20), torch.nn.ReLU(), torch.nn.Linear(20, 2))

        def extra_repr(self):
            raise AssertionError

        def __getattr__(self, name):
            raise AssertionError

    return Net()


def test_modules():
    """The tree of layers with their parameters; the user's methods never run."""
    torch = pytest.importorskip("torch")
    model = net(torch)
    outline = describe(model).splitlines()
    assert outline[0].endswith("Net, 342 parameters on cpu, training")
    assert outline[1] == "layers: conv Conv2d, body Sequential"
    excerpt = describe(model, "excerpt").splitlines()
    assert excerpt[1].startswith("  conv: Conv2d(in_channels=1, out_channels=8, kernel_size=(3, 3)")
    assert excerpt[3] == "    0: Linear(in_features=10, out_features=20), 220 parameters"
    before = fingerprint(model)
    torch.nn.Module.eval(model)
    assert fingerprint(model) != before
    assert "evaluating" in describe(model)


def test_deep_modules_are_bounded():
    """Of a thousand layers 250 are looked at, and the text says so."""
    torch = pytest.importorskip("torch")
    short, deep = (torch.nn.Sequential(*[torch.nn.Linear(4, 4) for _ in range(size)]) for size in (300, 3000))
    said = describe(deep)
    assert "at least 4,980 parameters in the first 250 layers" in said
    assert len(describe(deep, "full", 3)) < 4000
    describe(short)
    assert calls_during(lambda: describe(deep)) <= 1.1 * calls_during(lambda: describe(short))


def test_jax_arrays():
    """dtype, shape and platform, at all levels."""
    jnp = pytest.importorskip("jax.numpy")
    array = jnp.ones((3, 4))
    assert describe(array, "full", 3) == "jax.Array float32, shape (3, 4), cpu"
    assert fingerprint(array) == fingerprint(jnp.zeros((3, 4)))
    assert fingerprint(array) != fingerprint(jnp.ones((3, 5)))
    array.delete()
    assert describe(array) == "jax.Array, deleted"


def test_tensorflow():
    """Eager tensors and variables."""
    tf = pytest.importorskip("tensorflow")
    assert describe(tf.zeros((3, 4)), "full", 3).startswith("tensorflow.Tensor float32, shape (3, 4)")
    assert describe(tf.Variable([1.0])).startswith("tensorflow.Variable float32, shape (1,)")


def test_keras():
    """The layers of a model, and of a model of the user's own."""
    keras = pytest.importorskip("keras")
    model = keras.Sequential(
        [keras.layers.Input((4,)), keras.layers.Dense(3, activation="relu"), keras.layers.Dense(1)]
    )
    assert describe(model).startswith("keras.Sequential, 19 parameters, built\nlayers: ")
    assert "Dense(units=3" in describe(model, "excerpt")
    before = fingerprint(model)
    model.compile(loss="mse")
    assert "compiled" in describe(model)
    assert fingerprint(model) != before

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(3)

        def call(self, inputs):
            return self.dense(inputs)

        def get_config(self):
            raise AssertionError

    own = Own()
    assert "0 parameters, not built" in describe(own)
    own(np.zeros((1, 4)))
    assert "15 parameters, built" in describe(own)
    assert describe(model.layers[-1].kernel) == "keras.Variable float32, shape (3, 1)"
