"""Tokens of chats, mail and phones. See `formats/__init__.py` for the columns."""

TABLE = """
SLACK_TOKEN          xoxb- xoxp- xoxa- xoxr- xoxs- xoxo- xoxe- xoxc- xoxd- xoxe.xoxp- xoxe.xoxb- xapp-   b10
SLACK_WEBHOOK        hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/      b12
DISCORD_WEBHOOK      discord.com/api/webhooks/ discordapp.com/api/webhooks/   b20
ZAPIER_WEBHOOK       hooks.zapier.com/hooks/catch/              b8
MAKE_WEBHOOK         hook.eu1.make.com/ hook.eu2.make.com/ hook.us1.make.com/ hook.us2.make.com/ hook.integromat.com/ b20
IFTTT_KEY            with/key/                                  w20
FEISHU_WEBHOOK       open-apis/bot/v2/hook/                     w20
TINES_WEBHOOK        tines.com/webhook/                         b40
TWILIO_KEY           SK AC                                      h32=
DISCORD_TOKEN        mfa.                                      w50
SENDGRID_KEY         SG.                                        v16
BREVO_KEY            xkeysib- xsmtpsib-                         w30
MAILGUN_KEY          key- pubkey-                               h32=
MAILERSEND_TOKEN     mlsn.                                      a24
RESEND_KEY           re_                                        w20
MANDRILL_KEY         md-                                        w20
KLAVIYO_KEY          pk_                                        h34=
ONESIGNAL_KEY        os_v2_app_ os_v2_org_                      l40
LARK_ID              cli_                                       a16=
COURIER_KEY          pk_prod_ pk_test_                          u24
PUBNUB_KEY           pub-c- sub-c- sec-c-                       w20
TELNYX_KEY           KEY0                                       a40
VOICEFLOW_KEY        VF. VF.DM. VF.WS.                          v30
FACEBOOK_TOKEN       EAAA EAAC EAAM EAAB EAAG EAAD EAAJ EAAI EAAL   a60
INSTAGRAM_TOKEN      IGQV IGAA                                  w60
TWITTER_BEARER       AAAAAAAAAAAAAAAAAAAAA                      b30
LINKEDIN_SECRET      WPL_AP1.                                   v16
PINTEREST_TOKEN      pina_                                      w20
TIKTOK_TOKEN         act. rft. clt.                             a40
"""
