package redisstore

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strings"
)

func newTLS() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS12} }

// verification is whether the server's certificate is checked.
func verification(a *Address, value string) error {
	switch strings.TrimPrefix(strings.ToLower(value), "cert_") {
	case "none":
		a.options.TLSConfig.InsecureSkipVerify = true
		a.Warnings = append(a.Warnings, "switches the check of Redis's certificate off: whoever is in between reads and changes everything")
	case "optional", "required", "": // for a client these are one
	default:
		return errors.New("which is none of none, optional, required")
	}
	return nil
}

// checkHostname may leave the name of the certificate unchecked, and only the
// name.
func checkHostname(a *Address, value string) error {
	if truth(value) || a.options.TLSConfig.InsecureSkipVerify {
		return nil
	}
	a.Warnings = append(a.Warnings, "leaves the name in Redis's certificate unchecked")
	config := a.options.TLSConfig
	config.InsecureSkipVerify = true // the chain is verified below
	config.VerifyConnection = func(state tls.ConnectionState) error {
		chain := x509.VerifyOptions{Roots: config.RootCAs, Intermediates: x509.NewCertPool()}
		for _, certificate := range state.PeerCertificates[1:] {
			chain.Intermediates.AddCert(certificate)
		}
		_, err := state.PeerCertificates[0].Verify(chain)
		return err
	}
	return nil
}

func trustFile(a *Address, path string) error {
	content, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return errors.New("which names a file that cannot be read")
	}
	return trust(a, content)
}

func trust(a *Address, certificates []byte) error {
	if a.options.TLSConfig.RootCAs == nil {
		a.options.TLSConfig.RootCAs = x509.NewCertPool()
	}
	if !a.options.TLSConfig.RootCAs.AppendCertsFromPEM(certificates) {
		return errors.New("which holds no certificate (PEM)")
	}
	return nil
}

// certificate is ours, which Redis may ask for. A file may hold both parts.
func (a *Address) certificate(certificate, key string) error {
	switch {
	case certificate == "" && key == "":
		return nil
	case certificate == "":
		return errors.New("has the option ssl_keyfile without ssl_certfile")
	case key == "":
		key = certificate
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return errors.New("has the options ssl_certfile and ssl_keyfile, which name no readable certificate with its key")
	}
	a.options.TLSConfig.Certificates = []tls.Certificate{pair}
	return nil
}
