"""Keys of other services. See `formats/__init__.py` for the columns."""

TABLE = """
ADOBE_SECRET         p8e-                                       w24
CANVA_SECRET         cnvca                                      w40
CONTENTFUL_TOKEN     CFPAT-                                     w20
TYPEFORM_TOKEN       tfp_                                       w24
HUBSPOT_TOKEN        pat-na1- pat-na2- pat-eu1- pat-ap1-        w20
HUBSPOT_TOKEN        CPjF CJAK                                  w60
FRAMEIO_TOKEN        fio-u-                                     w24
MAPBOX_TOKEN         sk.eyJ pk.eyJ tk.eyJ                       v30
ZOHO_TOKEN           1000.                                      v50
SAMSARA_TOKEN        samsara_api_                               a16
SETTLEMINT_TOKEN     sm_aat_ sm_pat_ sm_sat_                    a12
INTRA42_SECRET       s-s4t2ud- s-s4t2af- u-s4t2ud- u-s4t2af-    h20
AUTHRESS_KEY         sc_ ext_ scauth_ authress_                 v60
CLERK_KEY            sk_live_ sk_test_                          w30
WORKOS_KEY           sk_live_ sk_test_ sk_                      b60
STYTCH_SECRET        secret-live- secret-test-                  w24
UNKEY_KEY            unkey_                                     w16
ZUPLO_KEY            zpka_                                      w24
WORKATO_TOKEN        wrkaus-eyJ wrka-eyJ wrkaeu-eyJ             v40
FULLSTORY_KEY        na1. eu1.                                  b60
REDIRECTPIZZA_TOKEN  rpa_                                       a30=
EBAY_KEY             PRD-                                       w30
BEAMER_KEY           b_                                         w44=
"""
