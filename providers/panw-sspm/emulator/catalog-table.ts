/** id | name | category | severity | the application's own heading | operator | type | recommended | weak | common control */
export const catalogTable = `
# common
sso_enforced|Single sign-on enforced|Identity|High|Authentication|equal|bool|true|false|11
mfa_admins|Second factor for administrators|Identity|Critical|Authentication|equal|bool|true|false|1
session_timeout_minutes|Idle session time-out|Session|Medium|Sessions|less_or_equal|int|480|10080|21
password_min_length|Shortest password|Password|Medium|Passwords|greater_or_equal|int|14|8|31
external_sharing|Sharing outside the organisation|Data|High|Sharing|one_of|string|DISABLED,ALLOWLISTED|ANYONE|41
audit_log_enabled|Audit log kept|Logging|Low|Logs|equal|bool|true|true|51
# office365
o365_mfa_admins|Second factor for administrators|Identity|Critical|Conditional access|equal|bool|true|false|1
o365_mfa_users|Second factor for all users|Identity|High|Conditional access|equal|bool|true|true|2
o365_legacy_auth_blocked|Legacy authentication blocked|Identity|High|Conditional access|equal|bool|true|false|3
o365_user_consent|Users may consent to applications|Third-party access|High|Enterprise applications|one_of|string|DISABLED,LOW_RISK_ONLY|ANY_APP|61
o365_guest_invites|Who may invite guests|Data|Medium|External collaboration|one_of|string|ADMINS,GUEST_INVITERS|EVERYONE|42
o365_global_admins|Number of global administrators|Privilege|Medium|Roles|in_range|int|2,4|5|71
o365_sharepoint_sharing|SharePoint sharing|Data|High|SharePoint|not_one_of|string|ANYONE|ANYONE|41
o365_link_expiry_days|Days until a shared link expires|Data|Low|SharePoint|less_or_equal|int|30|0|43
o365_mailbox_audit|Mailbox auditing|Logging|Low|Exchange|equal|bool|true|true|51
o365_auto_forward|Forwarding to outside addresses|Data|High|Exchange|equal|string|BLOCKED|ALLOWED|44
o365_teams_anonymous|Anonymous people in meetings|Data|Medium|Teams|equal|bool|false|true|45
o365_session_hours|Sign-in frequency in hours|Session|Medium|Conditional access|less_or_equal|int|12|24|21
# google-workspace
gws_2sv_enforced|Two-step verification enforced|Identity|Critical|Security|equal|bool|true|false|2
gws_2sv_admins|Two-step verification for administrators|Identity|Critical|Security|equal|bool|true|false|1
gws_super_admins|Number of super administrators|Privilege|Medium|Admin roles|in_range|int|2,4|2|71
gws_less_secure_apps|Less secure apps|Identity|High|Security|equal|string|DISABLED|ALLOWED|3
gws_drive_sharing|Drive sharing outside the organisation|Data|High|Drive|one_of|string|DISABLED,ALLOWLISTED|ANYONE|41
gws_api_access|Unconfigured third-party apps|Third-party access|High|API controls|equal|string|BLOCKED|ALLOWED|61
gws_session_hours|Length of a web session in hours|Session|Medium|Session control|less_or_equal|int|16|336|21
gws_password_length|Shortest password|Password|Medium|Password management|greater_or_equal|int|14|8|31
gws_pop_imap|POP and IMAP|Data|Medium|Gmail|equal|bool|false|true|44
gws_groups_external|Groups visible from outside|Data|Low|Groups|equal|bool|false|false|45
# slack
slack_sso_required|Single sign-on required|Identity|High|Authentication|equal|bool|true|true|11
slack_2fa_required|Second factor required|Identity|High|Authentication|equal|bool|true|false|2
slack_session_hours|Session duration in hours|Session|Medium|Sessions|less_or_equal|int|24|720|21
slack_app_approval|Apps need approval|Third-party access|High|Apps|equal|bool|true|false|61
slack_public_links|Public file links|Data|Medium|Files|equal|bool|false|true|41
slack_guest_expiry|Guests expire|Identity|Low|Invitations|equal|bool|true|false|42
slack_email_domains|Domains that may join by themselves|Identity|Medium|Invitations|equal|string|acme.example|acme.example,gmail.example|12
slack_retention|Retention of messages|Data|Low|Retention|not_equal|string|NONE|CUSTOM|52
# github
gh_2fa_required|Second factor required|Identity|Critical|Authentication security|equal|bool|true|true|2
gh_saml_enforced|SAML single sign-on enforced|Identity|High|Authentication security|equal|bool|true|false|11
gh_base_permission|Base permission of members|Privilege|High|Member privileges|one_of|string|none,read|write|72
gh_public_repos|Members may make public repositories|Data|High|Member privileges|equal|bool|false|true|41
gh_forking|Private repositories may be forked|Data|Medium|Member privileges|equal|bool|false|false|46
gh_owners|Number of owners|Privilege|Medium|People|less_or_equal|int|3|2|71
gh_token_expiry_days|Longest life of personal tokens in days|Secrets|High|Personal access tokens|less_or_equal|int|90|366|81
gh_oauth_restricted|OAuth app access restricted|Third-party access|High|Third-party access|equal|bool|true|true|61
gh_secret_scanning|Secret scanning|Secrets|Medium|Code security|equal|bool|true|false|82
gh_ip_allowlist|IP allow list|Network|Low|Authentication security|equal|bool|true|false|91
# okta
okta_mfa_admins|Second factor for administrators|Identity|Critical|Authentication|equal|bool|true|true|1
okta_password_min_length|Shortest password|Password|Medium|Authenticators|greater_or_equal|int|14|8|31
okta_session_idle_minutes|Idle session time-out|Session|Medium|Global session policy|less_or_equal|int|120|480|21
okta_super_admins|Number of super administrators|Privilege|Medium|Administrators|less_or_equal|int|4|3|71
okta_threat_insight|ThreatInsight blocks|Network|High|Security|equal|string|block|audit|92
`;
