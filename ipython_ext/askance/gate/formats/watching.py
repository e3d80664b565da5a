"""Keys of monitoring, analytics and feature flags. See `formats/__init__.py` for the columns."""

TABLE = """
NEWRELIC_KEY         NRAK- NRII- NRIQ- NRJS- NRBR- NRRA-        w12
GRAFANA_TOKEN        glsa_ glc_                                 b20
GRAFANA_KEY          eyJrIjoi                                   b30
SENTRY_TOKEN         sntrys_ sntryu_ sntrya_ sntryi_            b20
DYNATRACE_TOKEN      dt0c01. dt0s01. dt0s02. dt0s03. dt0s06. dt0s08. dt0s16. dt0a01. dt0e01. dt0v02.    v20
DATADOG_KEY          pub                                        h32=
HONEYCOMB_KEY        hcaik_ hcalk_ hcxik_ hcxlk_ hcxmk_ hcbik_  a24
POSTHOG_KEY          phx_ phc_ phs_ pha_                        w24
LAUNCHDARKLY_KEY     sdk- mob- api-                             w34
CONFIGCAT_KEY        configcat-sdk-1/ configcat-sdk-            b24
DEVCYCLE_KEY         dvc_client_ dvc_mobile_ dvc_server_        a8
STATSIG_KEY          secret-                                    a30
AMPLITUDE_KEY        server-                                    a30
AXIOM_TOKEN          xaat- xapt-                                w24
PAGERDUTY_KEY        pdus+ pdeu+                                w16
OPSGENIE_KEY         GenieKey-                                  w30
UBIDOTS_TOKEN        BBFF- BBUS-                                a24
ADAFRUIT_KEY         aio_                                       a20
"""
