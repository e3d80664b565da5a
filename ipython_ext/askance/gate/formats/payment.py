"""Keys of payment, shops and money. See `formats/__init__.py` for the columns."""

TABLE = """
STRIPE_KEY           sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_ rk_prod_ sk_org_ pk_live_ pk_test_     a10
STRIPE_SECRET        whsec_ ek_live_ ek_test_                   b16
STRIPE_SECRET        pi_ seti_                                  w40
SQUARE_TOKEN         sq0atp- sq0csp- sq0idp- sq0idb- EAAA       w16
SHOPIFY_TOKEN        shpat_ shpca_ shppa_ shpss_ shptka_ shprt_ shpit_ shltm_    w10
PAYPAL_TOKEN         A21AA                                      w16
BRAINTREE_KEY        sandbox_ production_                       l30
ADYEN_KEY            AQE                                        b80
RAZORPAY_KEY         rzp_live_ rzp_test_                        a12
PLAID_TOKEN          access-sandbox- access-development- access-production- public-sandbox- w20
PAYSTACK_KEY         sk_live_ sk_test_                          a20
FLUTTERWAVE_KEY      FLWSECK- FLWSECK_TEST- FLWPUBK- FLWPUBK_TEST-  w12
PADDLE_KEY           pdl_live_apikey_ pdl_sdbx_apikey_ pdl_ntfset_ w16
POLAR_TOKEN          polar_at_ polar_oat_ polar_pat_ polar_whs_ w16
MERCURY_TOKEN        mercury_production_ mercury_sandbox_       w20
LOB_KEY              live_ test_                                h34
LOB_KEY              live_pub_ test_pub_                        h30
COLUMN_KEY           live_ test_                                a30
GOCARDLESS_TOKEN     live_ sandbox_                             w40
SHIPPO_TOKEN         shippo_live_ shippo_test_                  h16
EASYPOST_KEY         EZAK EZTK                                  a24
FLEETBASE_KEY        flb_live_ flb_test_                        a14
CHECKOUT_KEY         sk_sbox_                                   w20
MOLLIE_KEY           live_ test_                                a30=
ASAAS_KEY            $aact_                                     w16
PAGARME_KEY          ak_live_ ak_test_ ek_live_                 a16
RAMP_KEY             ramp_id_ ramp_sec_                         a20
BREX_TOKEN           bxt_                                       a24
COINBASE_KEY         organizations/                             b80
ALPACA_KEY           PK                                         u18=
DATABENTO_KEY        db-                                        a29
PERSONA_KEY          persona_production_ persona_sandbox_       w16
ONFIDO_TOKEN         api_live. api_live_us. api_live_ca. api_sandbox.   w20
NIGHTFALL_KEY        NF-                                        a24
PROOF_KEY            prf_ prf_cli_                              w24
BLOCKFROST_KEY       mainnet preprod preview                    a32=
"""
