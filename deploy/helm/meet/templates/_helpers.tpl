{{- define "meet.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "meet.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "meet.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "meet.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "meet.selector" -}}
app.kubernetes.io/name: {{ include "meet.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: backend
{{- end -}}

{{- define "meet.labels" -}}
{{ include "meet.selector" . }}
app.kubernetes.io/version: {{ include "meet.tag" . | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "meet.tag" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end -}}

{{- define "meet.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "meet.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- /* References come before texts: only then may texts use them as $(NAME). */ -}}
{{- define "meet.env" -}}
{{- $vars := dict -}}
{{- range $name, $value := .Values.commonEnvVars }}{{ $_ := set $vars $name $value }}{{ end -}}
{{- range $name, $value := .Values.backend.envVars }}{{ $_ := set $vars $name $value }}{{ end -}}
{{- if not (hasKey $vars "LISTEN_ADDR") }}{{ $_ := set $vars "LISTEN_ADDR" (printf ":%d" (int .Values.backend.service.targetPort)) }}{{ end -}}
{{- if and .Values.backend.metrics.enabled (not (hasKey $vars "METRICS_ADDR")) }}{{ $_ := set $vars "METRICS_ADDR" (printf ":%d" (int .Values.backend.metrics.port)) }}{{ end -}}
{{- if and .Values.backend.migrate.enabled (not (hasKey $vars "MIGRATE_ON_START")) }}{{ $_ := set $vars "MIGRATE_ON_START" "false" }}{{ end -}}
{{- if and .Values.backend.goMemoryLimit (not (hasKey $vars "GOMEMLIMIT")) }}{{ $_ := set $vars "GOMEMLIMIT" .Values.backend.goMemoryLimit }}{{ end -}}
{{- range $name, $value := $vars }}
{{- if kindIs "map" $value }}
- name: {{ $name }}
  valueFrom: {{- toYaml $value | nindent 4 }}
{{- end }}
{{- end }}
{{- range $name, $value := $vars }}
{{- if not (or (kindIs "map" $value) (kindIs "invalid" $value)) }}
- name: {{ $name }}
  value: {{ if kindIs "float64" $value }}{{ if eq $value (floor $value) }}{{ int64 $value | toString | quote }}{{ else }}{{ $value | toString | quote }}{{ end }}{{ else }}{{ $value | toString | quote }}{{ end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "meet.probe" -}}
{{- $probe := .probe -}}
{{- if get $probe "exec" }}
exec: {{- toYaml $probe.exec | nindent 2 }}
{{- else if get $probe "tcpSocket" }}
tcpSocket: {{- toYaml $probe.tcpSocket | nindent 2 }}
{{- else }}
httpGet:
  path: {{ $probe.path }}
  port: {{ get $probe "targetPort" | default "http" }}
{{- end }}
initialDelaySeconds: {{ get $probe "initialDelaySeconds" | default 0 }}
periodSeconds: {{ get $probe "periodSeconds" | default 10 }}
timeoutSeconds: {{ get $probe "timeoutSeconds" | default 1 }}
failureThreshold: {{ get $probe "failureThreshold" | default 3 }}
{{- end -}}

{{- /* Takes root, values, name and pathType. */ -}}
{{- define "meet.ingress" -}}
{{- $root := .root -}}
{{- $ingress := .values -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "meet.labels" $root | nindent 4 }}
  {{- with $ingress.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with get $ingress "className" }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- if $ingress.tls.enabled }}
  tls:
    - hosts: {{- toYaml (concat (list $ingress.host) $ingress.hosts) | nindent 8 }}
      {{- with get $ingress.tls "secretName" }}
      secretName: {{ . }}
      {{- end }}
    {{- with $ingress.tls.additional }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  rules:
    {{- range $host := concat (list $ingress.host) $ingress.hosts }}
    - host: {{ $host | quote }}
      http:
        paths:
          - path: {{ $ingress.path }}
            pathType: {{ $.pathType }}
            backend:
              service:
                name: {{ include "meet.fullname" $root }}-backend
                port: {name: http}
    {{- end }}
{{- end -}}
