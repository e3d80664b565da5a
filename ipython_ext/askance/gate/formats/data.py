"""Keys of databases, warehouses and services of data. See `formats/__init__.py` for the columns."""

TABLE = """
DATABRICKS_TOKEN     dapi                                       h12
DATABRICKS_TOKEN     dose dkea dsapi                            h32
SUPABASE_KEY         sbp_ sb_secret_ sb_publishable_            w12
PLANETSCALE_KEY      pscale_tkn_ pscale_pw_ pscale_oauth_       v16
NEON_KEY             napi_                                      a24
MONGODB_KEY          mdb_sa_sk_ mdb_sa_id_                      w16
CLICKHOUSE_KEY       4b1d                                       a38=
ASTRA_TOKEN          AstraCS:                                   v16
ELASTIC_KEY          essu_                                      b24
XATA_KEY             xau_                                       a24
CONVEX_KEY           prod: dev:                                 b60
AIRTABLE_TOKEN       pat                                        v60
NOTION_TOKEN         ntn_ secret_                               a40
LINEAR_KEY           lin_api_ lin_oauth_ lin_wh_                a10
FIGMA_TOKEN          figd_ figp_ figu_                          w24
CLICKUP_TOKEN        pk_                                        u24
DROPBOX_TOKEN        sl. sl.B sl.u.                             w60
AIVEN_TOKEN          AVNS_                                      w12
CONFLUENT_KEY        cflt                                       b40
SNOWFLAKE_TOKEN      ver:1-hint:                                b20
DBT_TOKEN            dbtc_ dbtu_ dbts_                          w20
TINYBIRD_TOKEN       p.eyJ                                      v40
KAGGLE_TOKEN         KGAT_                                      a20
"""
