package oidc

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	zitadel "github.com/zitadel/oidc/v3/pkg/oidc"
)

// userinfo asks for the claims of the person (OIDC Core 5.3). They come as
// JSON, as a signed JWT, or as an encrypted JWT around that.
func (p *Provider) userinfo(ctx context.Context, m *metadata, accessToken string) (map[string]any, error) {
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
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, upstream("userinfo", err)
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if p.config.UserinfoFormat == "JWT" || (p.config.UserinfoFormat == "AUTO" && kind == "application/jwt") {
		return p.signedUserinfo(ctx, m, string(bytes.TrimSpace(body)))
	}
	return plainUserinfo(body)
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

func (p *Provider) signedUserinfo(ctx context.Context, m *metadata, token string) (map[string]any, error) {
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
	claims := new(userinfoClaims)
	payload, err := zitadel.ParseToken(token, claims)
	if err != nil {
		return nil, refused("userinfo is not a JWT")
	}
	if err := p.checkSignature(ctx, m, token, payload, claims); err != nil {
		if isUpstream(err) {
			return nil, upstream("keys", err)
		}
		return nil, refused("userinfo: %v", err)
	}
	if err := claims.check(m.issuer, p.config.ClientID); err != nil {
		return nil, err
	}
	return plainUserinfo(payload)
}

// userinfoClaims are the claims that a signed answer may carry about itself.
type userinfoClaims struct {
	Issuer     string           `json:"iss"`
	Audience   zitadel.Audience `json:"aud"`
	Expiration zitadel.Time     `json:"exp"`
	Nonce      *string          `json:"nonce"`
	Events     map[string]any   `json:"events"`
}

// SetSignatureAlgorithm implements the library's ClaimsSignature.
func (*userinfoClaims) SetSignatureAlgorithm(jose.SignatureAlgorithm) {}

// check refuses answers for somebody else, and tokens of another kind.
func (c *userinfoClaims) check(issuer, clientID string) error {
	switch {
	case c.Issuer != "" && issuer != "" && c.Issuer != issuer:
		return refused("userinfo of another issuer")
	case len(c.Audience) > 0 && !slices.Contains(c.Audience, clientID):
		return refused("userinfo for another client")
	case c.Expiration != 0 && c.Expiration.AsTime().Before(time.Now().Add(-leeway)):
		return refused("userinfo has expired")
	case c.Nonce != nil || c.Events != nil:
		return refused("userinfo is a token of another kind")
	}
	return nil
}
