package standalone

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/joho/godotenv"

	"meet/bootstrap"
	"meet/bootstrap/settings"
)

const (
	keysFile = "keys.env"      // generated secrets of this server
	demoFile = "demo-oidc.pem" // signs the demo provider's tokens
)

// keys makes the secrets that are not configured, at the first start, and
// keeps them with the data.
func (p *parts) keys() error {
	path := filepath.Join(p.dataDir, keysFile)
	kept, err := settings.ReadDotenv(path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("generated keys: %w", err)
	}
	if os.IsNotExist(err) {
		kept = map[string]string{
			"DJANGO_SECRET_KEY": rand.Text() + rand.Text(), "LIVEKIT_API_KEY": "API" + rand.Text()[:12], "LIVEKIT_API_SECRET": rand.Text() + rand.Text(),
		}
		text, err := godotenv.Marshal(kept)
		if err != nil {
			return fmt.Errorf("generated keys: %w", err)
		}
		if err := p.keep(keysFile, []byte(text+"\n")); err != nil {
			return err
		}
	}
	read := settings.NewReader(func(name string) (string, bool) {
		value, set := p.env[name]
		return value, set
	})
	for name := range kept { // a file that names a secret comes before ours
		if _, file := p.env[name+"_FILE"]; file {
			p.env[name] = read.Text(name)
		}
	}
	if problems := read.Problems(); len(problems) > 0 {
		return errors.New(problems[0])
	}
	setDefaults(p.env, kept)
	return nil
}

// keep writes a file that only we may read.
func (p *parts) keep(name string, content []byte) error {
	if err := os.MkdirAll(p.dataDir, 0o700); err != nil {
		return bootstrap.Named("DJANGO_DATA_DIR", err)
	}
	if err := os.WriteFile(filepath.Join(p.dataDir, name), content, 0o600); err != nil {
		return bootstrap.Named("DJANGO_DATA_DIR", err)
	}
	return nil
}

const keyBits = 2048

// signingKey is the demo provider's; it survives restarts because browsers
// come back with tokens that it signed.
func (p *parts) signingKey() (*rsa.PrivateKey, error) {
	content, err := os.ReadFile(filepath.Join(p.dataDir, demoFile))
	if err == nil {
		block, _ := pem.Decode(content)
		if block == nil {
			return nil, errors.New(demoFile + " in the data folder is not a key; remove it to get a new one")
		}
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if !os.IsNotExist(err) {
		return nil, fmt.Errorf("key of the demo provider: %w", err)
	}
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("key of the demo provider: %w", err)
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return key, p.keep(demoFile, pem.EncodeToMemory(block))
}
