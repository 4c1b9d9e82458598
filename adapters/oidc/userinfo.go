package oidc

import (
	"bytes"
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// userinfo asks for the claims of the person (OIDC Core 5.3). They come as
// JSON, as a signed JWT, or as an encrypted JWT around that.
func (p *Provider) userinfo(ctx context.Context, m *metadata, accessToken string, came time.Time) (map[string]any, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.userinfo, nil)
	if err != nil {
		return nil, upstream("userinfo", err)
	}
	request.Header.Set("Authorization", "Bearer "+accessToken)
	request.Header.Set("Accept", "application/json, application/jwt")
	response, err := p.client.Do(request)
	if err != nil {
		return nil, upstream("userinfo", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, refused("userinfo answered %d", response.StatusCode)
	}
	body, err := text(response)
	if err != nil {
		return nil, upstream("userinfo", err)
	}
	body = bytes.TrimSpace(body)
	if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); p.wantsJWT(kind, body) {
		return p.signedUserinfo(ctx, m, string(body), came)
	}
	return plainUserinfo(body)
}

// wantsJWT reports whether the answer is to be read as a JWT. Left to us, it is
// one that is called so or looks so: no JSON begins as a JWT does.
func (p *Provider) wantsJWT(kind string, body []byte) bool {
	if p.config.UserinfoFormat != "AUTO" {
		return p.config.UserinfoFormat == "JWT"
	}
	return kind == "application/jwt" || bytes.HasPrefix(body, []byte("ey"))
}

func plainUserinfo(body []byte) (map[string]any, error) {
	var claims map[string]any
	if err := json.Unmarshal(body, &claims); err != nil || claims == nil {
		return nil, refused("userinfo is not a JSON object")
	}
	return claims, nil
}

// The algorithms in which userinfo may be encrypted to us (RFC 7518).
var (
	keyAlgorithms = []jose.KeyAlgorithm{
		jose.RSA_OAEP, jose.RSA_OAEP_256, jose.ECDH_ES, jose.ECDH_ES_A128KW, jose.ECDH_ES_A192KW, jose.ECDH_ES_A256KW,
	}
	contentEncryptions = []jose.ContentEncryption{
		jose.A128GCM, jose.A192GCM, jose.A256GCM, jose.A128CBC_HS256, jose.A192CBC_HS384, jose.A256CBC_HS512,
	}
)

func (p *Provider) signedUserinfo(ctx context.Context, m *metadata, token string, came time.Time) (map[string]any, error) {
	if strings.Count(token, ".") == 4 {
		if p.config.DecryptionKey == nil {
			return nil, refused("userinfo is encrypted and OIDC_RS_PRIVATE_KEY_STR is not set")
		}
		encrypted, err := jose.ParseEncryptedCompact(token, keyAlgorithms, contentEncryptions)
		if err != nil {
			return nil, refused("unreadable encrypted userinfo")
		}
		content, err := encrypted.Decrypt(p.config.DecryptionKey)
		if err != nil {
			return nil, refused("userinfo is not encrypted to our key")
		}
		token = string(content)
	}
	var known userinfoClaims
	algorithms, setting := p.userinfoAlgorithms(m)
	parsed, err := parse(token, algorithms, setting, &known)
	if err != nil {
		return nil, refused("the userinfo %v", err)
	}
	if err := known.check(m.issuer, p.config.ClientID, parsed); err != nil {
		return nil, err
	}
	if err := p.verify(ctx, m, parsed, came, true); err != nil {
		return nil, p.unverified("userinfo", parsed, err)
	}
	return plainUserinfo(parsed.signed.UnsafePayloadWithoutVerification())
}

// userinfoAlgorithms are those in which userinfo may be signed, and what says
// so: a setting, or the asymmetric ones that the provider announces. The
// client secret verifies only where a setting names such an algorithm.
func (p *Provider) userinfoAlgorithms(m *metadata) (algorithms []string, setting string) {
	if p.config.UserinfoAlgorithm != "" {
		return []string{p.config.UserinfoAlgorithm}, "OIDC_USERINFO_SIGN_ALGO"
	}
	algorithms = []string{p.config.Algorithm}
	for _, name := range asymmetric {
		if name != p.config.Algorithm && (len(m.userinfoAlgorithms) == 0 || slices.Contains(m.userinfoAlgorithms, name)) {
			algorithms = append(algorithms, name)
		}
	}
	return algorithms, "the provider's announcement"
}

// userinfoClaims are the claims that a signed answer may carry about itself.
type userinfoClaims struct {
	claims
	Nonce  any `json:"nonce"`
	Events any `json:"events"`
}

// check refuses answers for somebody else, and tokens of another kind.
func (c userinfoClaims) check(issuer, clientID string, parsed *token) error {
	if c.Nonce != nil || c.Events != nil || parsed.isOther() {
		return refused("userinfo is a token of another kind")
	}
	if c.Issuer == "" {
		issuer = ""
	}
	if len(c.Audience) == 0 {
		c.Audience = []string{clientID}
	}
	if err := c.claims.check(issuer, clientID); err != nil {
		return refused("userinfo: %v", err)
	}
	return nil
}
