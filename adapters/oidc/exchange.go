package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"meet/domain"
)

// tokens is the part of the token endpoint's answer (RFC 6749, section 5) that
// we look at; the rest may have any shape.
type tokens struct {
	AccessToken string `json:"access_token"`
	IDToken     string `json:"id_token"`
}

// complaint is the token endpoint's refusal.
type complaint struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// exchange trades the code for tokens (OIDC Core 3.1.3).
func (p *Provider) exchange(ctx context.Context, m *metadata, attempt domain.SignInAttempt, code, redirectURI string) (tokens, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI}}
	if attempt.Verifier != "" {
		form.Set("code_verifier", attempt.Verifier)
	}
	status, body, err := p.askForToken(ctx, m, form)
	if err != nil {
		return tokens{}, upstream("token endpoint", err)
	}
	var answer tokens
	var refusal complaint
	_ = json.Unmarshal(body, &refusal) // what is no JSON is no complaint either
	if status != http.StatusOK || refusal.Error != "" {
		return tokens{}, refused("the token endpoint answered %d %q: %q", status, said(refusal.Error),
			said(refusal.Description, code, attempt.Verifier, p.config.ClientSecret))
	}
	if json.Unmarshal(body, &answer) != nil || answer.AccessToken == "" {
		return tokens{}, upstream("token endpoint", errors.New("unreadable answer"))
	}
	return answer, nil
}

// askForToken sends the form with our credentials to the token endpoint.
func (p *Provider) askForToken(ctx context.Context, m *metadata, form url.Values) (status int, body []byte, err error) {
	form.Set("client_id", p.config.ClientID)
	switch m.auth {
	case authPost:
		if p.config.ClientSecret != "" { // a public client has none
			form.Set("client_secret", p.config.ClientSecret)
		}
	case authBasic:
		form.Del("client_id")
	case authPrivateKey:
		if err := p.assert(m, form); err != nil {
			return 0, nil, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.token, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	if m.auth == authBasic {
		request.SetBasicAuth(url.QueryEscape(p.config.ClientID), url.QueryEscape(p.config.ClientSecret))
	}
	response, err := p.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err = text(response)
	return response.StatusCode, body, err
}
