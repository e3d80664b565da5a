"""Tokens of code hosts, registries and builders. See `formats/__init__.py` for the columns."""

TABLE = """
GITHUB_TOKEN         ghp_ gho_ ghu_ ghs_ ghr_                   a12
GITHUB_TOKEN         github_pat_                                w16
GITHUB_KEY           v1.                                        h40
GITLAB_TOKEN         glpat- gldt- glrt- glft- glsoat- glcbt- glptt- gloas- glimt- glagent- glffct- glwt- gluc-  v12
GITLAB_TOKEN         GR1348941                                  w14
GITLAB_COOKIE        _gitlab_session=                           a20
BITBUCKET_TOKEN      ATBB BBDC-                      b24
BITBUCKET_TOKEN      bb_pr_ bb_ma_                              h24
ATLASSIAN_TOKEN      ATOAT                        b20
SOURCEGRAPH_TOKEN    sgp_ sgp_local_ slk_ sgd_ sgs_             w24
NPM_TOKEN            npm_                                       a12
PYPI_TOKEN           pypi- pypi-AgEI                            w16
RUBYGEMS_KEY         rubygems_                                  h10
NUGET_KEY            oy2                                        l43=
CRATES_TOKEN         cio                                        a32=
DOCKER_TOKEN         dckr_pat_ dckr_oat_                        w10
CLOUDSMITH_KEY       csa_ ckcy_                                 a24
ARTIFACTORY_KEY      AKCp AKC                                   a60
ARTIFACTORY_TOKEN    cmVmdGtu cmVmd                             a50
CIRCLECI_TOKEN       CCIPAT_ CCIPRJ_                            w20
BUILDKITE_TOKEN      bkua_ bkaa_ bkaj_ bkar_ bkct_ bkpt_        w24
SONAR_TOKEN          squ_ sqp_ sqa_ sqco_                       a24
SNYK_TOKEN           snyk_uat. snyk_sat.                        v20
AIKIDO_KEY           AIK_CI_ AIK_CLIENT_ AIK_SECRET_            a16
STACKHAWK_KEY        hawk.                                      v30
SEMGREP_TOKEN        sgr_                                       w24
SOCKET_TOKEN         sktsec_                                    w20
ENDOR_KEY            endr+                                      w14
MERGIFY_KEY          mergify_application_key_                   w20
POSTMAN_KEY          PMAK- PMAT-                                w24
README_KEY           rdme_                                      l24
APIFY_TOKEN          apify_api_ apify_proxy_                    a16
LICHESS_TOKEN        lip_                                       a16
THUNDERSTORE_TOKEN   tss_                                       w20
VALTOWN_TOKEN        vtwn_                                      w20
WAKATIME_KEY         waka_                                      w24
DEPENDENCY_TRACK     odt_                                       a24
IONIC_TOKEN          ion_                                       a30
SEGMENT_TOKEN        sgp_                                       a40
ROOTLY_KEY           rootly_                                    h24
"""
