"""Keys of clouds, hosts and networks. See `formats/__init__.py` for the columns."""

TABLE = """
AWS_KEY_ID           AKIA ASIA ABIA ACCA AGPA AIDA AROA AIPA ANPA ANVA   u16=
AWS_KEY_ID           A3T                                        u17=
AWS_KEY_ID           AKIA ASIA                                  u12
AWS_SESSION_TOKEN    IQoJb3JpZ2lu FwoGZXIvYXdz FQoGZXIvYXdz     b20
BEDROCK_KEY          ABSK                                       b60
BEDROCK_KEY          bedrock-api-key-                           b20
GOOGLE_KEY           AIza                                       w12
GOOGLE_KEY           AQ.Ab8RN6                                  w16
GOOGLE_SECRET        GOCSPX-                                    w10
GOOGLE_TOKEN         ya29. 1//0                                 w16
GOOGLE_HMAC_KEY      GOOG1E GOOG                                u20
ALIBABA_KEY          LTAI                                       a12
ALIBABA_KEY          STS.                                       a16
TENCENT_KEY          AKID                                       a16
VOLCENGINE_KEY       AKLT                                       a24
DIGITALOCEAN_TOKEN   dop_v1_ doo_v1_ dor_v1_                    h10
SPACES_KEY           DO00                                       u16
CLOUDFLARE_TOKEN     cfut_ cfat_ cfk_ cfoat_                    a20
CLOUDFLARE_KEY       v1.0-                                      w40
FLYIO_TOKEN          fo1_ fm1a_ fm1r_ fm2_                      b24
HEROKU_KEY           HRKU-                                      w20
RENDER_KEY           rnd_                                       a20
NETLIFY_TOKEN        nfp_ nfc_ nfo_ nfu_ nfb_                   w20
SCALINGO_TOKEN       tk-us-                                     w24
SCALEWAY_KEY         SCW                                        u17=
EXOSCALE_KEY         EXO                                        a24
UPCLOUD_TOKEN        ucat_                                      a20
YANDEX_KEY           AQVN t1.                                   v30
YANDEX_KEY           YCAJE YCM YCN YCP y0_                      w30
TAILSCALE_KEY        tskey- tskey-api- tskey-auth- tskey-client-     w16
DEFINED_KEY          dnkey-                                     w24
DENO_TOKEN           ddp_ ddw_ ddo_                             a20
CLOJARS_TOKEN        CLOJARS_                                   a20
HASHICORP_TOKEN      hvs. hvb. hvr.                             w12
VAULT_TOKEN          s. b. r.                                   a24=
PULUMI_TOKEN         pul-                                       h12
INFRACOST_KEY        ico-                                       a20
DOPPLER_TOKEN        dp.pt. dp.ct. dp.st. dp.sa. dp.scim. dp.audit.  v12
INFISICAL_TOKEN      st.                                        v60
ONEPASSWORD_TOKEN    ops_eyJ                                    b40
ONEPASSWORD_KEY      A3-                                        w26
MICROSOFT_TOKEN      0.A 1.A                                   v60
BITWARDEN_TOKEN      0.                                         v60
AGE_KEY              AGE-SECRET-KEY-1                           u20
SWARM_TOKEN          SWMTKN-1- SWMKEY-1-                        w30
OPENSHIFT_TOKEN      sha256~                                    w30
HARNESS_KEY          pat. sat.                                  v40
AKAMAI_KEY           akab-                                      w24
DUFFEL_KEY           duffel_live_ duffel_test_                  w20
COCKROACH_KEY        CCDB1_                                     w24
PREFECT_KEY          pnu_ pnb_                                  a24
OCTOPUS_KEY          API-                                       u26
"""
