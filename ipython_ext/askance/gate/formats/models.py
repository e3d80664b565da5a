"""Keys of providers of models and of their tools. See `formats/__init__.py` for the columns."""

TABLE = """
ANTHROPIC_KEY       sk-ant-                                    w9
OPENAI_KEY          sk-proj- sk-svcacct- sk-admin- sk-service- w8
OPENAI_KEY          sk-None- sess-                             a24
OPENAI_KEY          sk-                                        a20
MODEL_KEY           sk-                                        w28
OPENROUTER_KEY      sk-or-v1- sk-or-                           h10
HUGGINGFACE_TOKEN   hf_ api_org_ hf_oauth_ hf_jwt_             a13
GROQ_KEY            gsk_                                       a12
XAI_KEY             xai-                                       w12
PERPLEXITY_KEY      pplx-                                      a11
REPLICATE_TOKEN     r8_                                        w16
NVIDIA_KEY          nvapi-                                     w10
CEREBRAS_KEY        csk-                                       l20
ANYSCALE_KEY        esecret_                                   l20
FIREWORKS_KEY       fw_                                        a20
FIREWORKS_KEY       fpk_                                       a20
TOGETHER_KEY        tgp_v1_                                    w16
LANGSMITH_KEY       lsv2_pt_ lsv2_sk_ ls__                     w16
LANGFUSE_KEY        sk-lf- pk-lf-                              w16
PINECONE_KEY        pcsk_                                      w16
WANDB_KEY           wandb_v1_                                  w16
ELEVENLABS_KEY      sk_                                        h32
JINA_KEY            jina_                                      w20
TAVILY_KEY          tvly- tvly-dev- tvly-prod-                 w16
FIRECRAWL_KEY       fc-                                        h24
VOYAGE_KEY          pa-                                        w30
BRAVE_KEY           BSA                                        w24
RUNPOD_KEY          rpa_                                       a24
SALAD_KEY           salad_cloud_                               w12
VERCEL_KEY          vck_ vca_ vcr_ vci_ vcp_                   w20
CURSOR_KEY          key_                                       h32
DEVIN_KEY           apk_user_ cog_ apk_                        b40
DIFY_KEY            app- dataset-                              a24=
E2B_KEY             e2b_                                       h24
MODAL_TOKEN         ak- as-                                    a22=
UPSTAGE_KEY         up_                                        a24
LLAMA_CLOUD_KEY     llx- LLM|                                  w20
NOVITA_KEY          sk_                                        w40
MEM0_KEY            m0-                                        a20
COMPOSIO_KEY        ak_                                        w20=
"""
