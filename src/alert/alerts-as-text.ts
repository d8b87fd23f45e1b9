/** A template of Alertmanager's with every label of every alert, or nobody could tell which instance it is; and which of them are over. */
export const alertsAsText = `{{ if .Alerts.Firing }}Firing:
{{ template "__text_alert_list" .Alerts.Firing }}{{ end }}
{{ if .Alerts.Resolved }}Resolved:
{{ template "__text_alert_list" .Alerts.Resolved }}{{ end }}`;
