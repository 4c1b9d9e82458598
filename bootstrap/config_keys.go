package bootstrap

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"meet/adapters/oidc"
	"meet/bootstrap/settings"
)

// loadKeys reads our private keys: one opens encrypted userinfo, one signs
// client assertions. The first does for both.
func loadKeys(read *settings.Reader, provider *oidc.Config) {
	own := func(name string) (jose.JSONWebKey, bool) {
		text := read.Text(name)
		if text == "" {
			return jose.JSONWebKey{}, false
		}
		key, err := privateKey(text)
		if err != nil {
			read.Refuse(name, "%s", err)
		}
		return key, err == nil
	}
	if key, set := own("OIDC_RS_PRIVATE_KEY_STR"); set {
		provider.DecryptionKey = key.Key
		if _, err := oidc.SigningAlgorithm(key.Key, nil); err == nil {
			provider.ClientKey = signing(key)
		}
	}
	if key, set := own("OIDC_RP_PRIVATE_KEY_STR"); set {
		if _, err := oidc.SigningAlgorithm(key.Key, nil); err != nil {
			read.Refuse("OIDC_RP_PRIVATE_KEY_STR", "%s", err)
			return
		}
		provider.ClientKey, provider.ClientKeyOnly = signing(key), true
	}
}

// signing is the key with an id by which the provider finds its public part.
func signing(key jose.JSONWebKey) *jose.JSONWebKey {
	if key.KeyID == "" {
		key.KeyID = thumbprint(key.Public()) + "-sig"
	}
	return &jose.JSONWebKey{Key: key.Key, KeyID: key.KeyID, Use: "sig"}
}

// thumbprint is the key's own name (RFC 7638).
func thumbprint(public jose.JSONWebKey) string {
	sum, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(sum)
}

// publicKeys is the set that /jwks serves, nil without a private key: one key
// for those who encrypt to us, one for those who verify what we sign.
func publicKeys(provider oidc.Config, algorithm string) any {
	var set jose.JSONWebKeySet
	if signer, ok := provider.DecryptionKey.(crypto.Signer); ok {
		key := jose.JSONWebKey{Key: signer.Public(), Algorithm: algorithm, Use: "enc"}
		if key.KeyID = thumbprint(key); key.KeyID != "" {
			set.Keys = append(set.Keys, key)
		}
	}
	if provider.ClientKey != nil {
		set.Keys = append(set.Keys, provider.ClientKey.Public())
	}
	if len(set.Keys) == 0 {
		return nil
	}
	return set
}

// privateKey reads a PEM or JWK private key; only a JWK has a key id.
func privateKey(text string) (jose.JSONWebKey, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		var key jose.JSONWebKey
		if err := json.Unmarshal([]byte(text), &key); err != nil || key.IsPublic() {
			return jose.JSONWebKey{}, errors.New("is not a private JWK")
		}
		return key, nil
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return jose.JSONWebKey{}, errors.New("is neither PEM nor JWK")
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		return jose.JSONWebKey{Key: key}, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return jose.JSONWebKey{Key: key}, nil
	}
	if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return jose.JSONWebKey{Key: key}, nil
	}
	return jose.JSONWebKey{}, errors.New("is not a private key")
}
