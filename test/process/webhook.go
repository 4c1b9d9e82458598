package process

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// Report is an event as LiveKit reports it, signed.
func Report(id string) (body []byte, header http.Header, err error) {
	body = fmt.Appendf(nil, `{"event":"track_published","id":"%s","createdAt":"%d","room":{"sid":"RM_1","name":"%s"},"participant":{"sid":"PA_1","identity":"x"}}`,
		id, time.Now().Unix(), uuid.NewString())
	sum := sha256.Sum256(body)
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": Key, "exp": time.Now().Add(time.Minute).Unix(), "sha256": base64.StdEncoding.EncodeToString(sum[:]),
	}).SignedString([]byte(Secret))
	return body, http.Header{"Content-Type": {"application/webhook+json"}, "Authorization": {token}}, err
}
