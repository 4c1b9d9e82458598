package redisstore_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"meet/adapters/redisstore"
	"meet/test/process"
	"meet/test/redis"
)

// certificate makes one that signs itself, for the name, with its key.
func certificate(t *testing.T, name string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{name},
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certificate, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certificate, key
}

// TestOptionsOfTLSWork with a Redis that wants a certificate of its clients.
func TestOptionsOfTLSWork(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t, "localhost")
	address := process.Free(t)
	_, port, _ := net.SplitHostPort(address)
	redis.StartWith(t, "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert, "--tls-auth-clients", "yes")
	ours := "&ssl_certfile=" + url.QueryEscape(cert) + "&ssl_keyfile=" + url.QueryEscape(key)
	trusted := "ssl_ca_certs=" + url.QueryEscape(cert)
	for _, c := range []struct {
		address string
		fits    bool
	}{
		{"rediss://localhost:" + port + "/1?" + trusted + ours, true},
		{"rediss://localhost:" + port + "/1?" + trusted, false},                    // no certificate of ours
		{"rediss://localhost:" + port + "/1?ssl_cert_reqs=required" + ours, false}, // nobody we trust signed it
		{"rediss://localhost:" + port + "/1?ssl_cert_reqs=none" + ours, true},
		{"rediss://127.0.0.1:" + port + "/1?" + trusted + ours, false}, // another name
		{"rediss://127.0.0.1:" + port + "/1?ssl_check_hostname=false&" + trusted + ours, true},
		{"rediss://127.0.0.1:" + port + "/1?ssl_check_hostname=false" + ours, false}, // the chain is still checked
		{"redis://localhost:" + port + "/1", false},
	} {
		if err := redisstore.Check(t.Context(), c.address, prefix); (err == nil) != c.fits {
			t.Errorf("%s: error %v", c.address, err)
		}
	}
}
