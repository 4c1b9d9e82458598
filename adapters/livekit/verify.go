package livekit

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/livekit/protocol/livekit"
	"google.golang.org/protobuf/encoding/protojson"

	"meet/domain"
)

// claims are those of LiveKit's tokens that we look at.
type claims struct {
	jwt.RegisteredClaims
	Video struct {
		Room string `json:"room"`
	} `json:"video"`
	SHA256 string `json:"sha256"`
}

const leeway = time.Minute

// reasons are what the failures of a token are called.
var reasons = []struct {
	err  error
	text string
}{
	{jwt.ErrTokenSignatureInvalid, "Signature verification failed"},
	{jwt.ErrTokenExpired, "Signature has expired"},
	{jwt.ErrTokenNotValidYet, "The token is not yet valid (nbf)"},
	{jwt.ErrTokenUsedBeforeIssued, "The token is not yet valid (iat)"},
	{jwt.ErrTokenRequiredClaimMissing, `Token is missing the "iss" claim`},
	{jwt.ErrTokenInvalidIssuer, "Invalid issuer"},
}

// parse checks a token that LiveKit or we signed.
func (t *Tokens) parse(token string) (claims, string) {
	var c claims
	switch {
	case strings.Count(token, ".") < 2:
		return c, "Not enough segments"
	case !hmacSigned(token):
		return c, "The specified alg value is not allowed"
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer(t.config.Key), jwt.WithLeeway(leeway), jwt.WithIssuedAt())
	_, err := parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return []byte(t.config.Secret), nil })
	for _, reason := range reasons {
		if errors.Is(err, reason.err) {
			return c, reason.text
		}
	}
	switch {
	case err != nil:
		return c, "Invalid payload string"
	case c.ExpiresAt == nil:
		return c, `Token is missing the "exp" claim`
	case len(c.Audience) > 0:
		return c, "Invalid audience"
	}
	return c, ""
}

// hmacSigned reports whether the token says that it is signed as ours are.
func hmacSigned(token string) bool {
	text, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var header struct{ Alg string }
	return err == nil && json.Unmarshal(raw, &header) == nil && header.Alg == jwt.SigningMethodHS256.Alg()
}

// Verify implements ports.Passes.
func (t *Tokens) Verify(token string) (domain.Pass, error) {
	c, wrong := t.parse(token)
	if wrong == "" && c.Subject == "" {
		wrong = "Token missing user identity"
	}
	if wrong != "" {
		return domain.Pass{}, &domain.Error{Kind: domain.Forbidden, Detail: "Invalid LiveKit token: " + wrong}
	}
	return domain.Pass{Identity: c.Subject, Room: c.Video.Room}, nil
}

var errWebhook = &domain.Error{Kind: domain.Invalid, Detail: "Invalid webhook payload"}

// Event implements ports.Webhooks.
// See https://docs.livekit.io/home/server/webhooks/ for how they are signed.
func (t *Tokens) Event(authorization string, body func() ([]byte, error)) (domain.Event, error) {
	token := strings.TrimSpace(authorization)
	if scheme, rest, two := strings.Cut(token, " "); two && strings.EqualFold(scheme, "bearer") {
		token = rest
	}
	c, wrong := t.parse(token)
	signed, err := base64.StdEncoding.DecodeString(c.SHA256)
	if wrong != "" || err != nil || len(signed) != sha256.Size { // guests' tokens have our signature, too
		return domain.Event{}, errWebhook
	}
	content, err := body()
	if err != nil {
		return domain.Event{}, fmt.Errorf("webhook: %w", err)
	}
	sum := sha256.Sum256(content)
	if subtle.ConstantTimeCompare(sum[:], signed) != 1 {
		return domain.Event{}, errWebhook
	}
	var hook livekit.WebhookEvent
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(content, &hook); err != nil {
		return domain.Event{}, errWebhook
	}
	if hook.GetCreatedAt() == 0 { // it does not say when
		hook.CreatedAt = time.Now().Unix()
	}
	if !timely(&hook, time.Now()) {
		return domain.Event{}, errWebhook
	}
	return eventOf(&hook, hex.EncodeToString(sum[:])), nil
}

// clockSpread is how far LiveKit's clock may be ahead of ours.
const clockSpread = 24 * time.Hour

// timely reports whether the report names no time before 1970 or after tomorrow.
func timely(hook *livekit.WebhookEvent, now time.Time) bool {
	last := now.Add(clockSpread).Unix()
	room, who := hook.GetRoom(), hook.GetParticipant()
	for _, seconds := range []int64{
		hook.GetCreatedAt(), room.GetCreationTime(), room.GetCreationTimeMs() / 1000, who.GetJoinedAt(), who.GetJoinedAtMs() / 1000,
	} {
		if seconds < 0 || seconds > last {
			return false
		}
	}
	return true
}

// eventOf reads the event; digest names it when LiveKit does not.
func eventOf(hook *livekit.WebhookEvent, digest string) domain.Event {
	event := domain.Event{
		ID: hook.GetId(), Kind: domain.EventKind(hook.GetEvent()), At: time.Unix(hook.GetCreatedAt(), 0).UTC(),
		Room: hook.GetRoom().GetName(), Egress: egressOf(hook.GetEgressInfo()),
	}
	if event.ID == "" {
		event.ID = digest
	}
	if event.Room == "" {
		event.Room = hook.GetEgressInfo().GetRoomName()
	}
	if hook.GetRoom() != nil {
		event.Meeting = meetingOf(hook.GetRoom())
	}
	if hook.GetParticipant() != nil {
		event.Participant = participantOf(hook.GetParticipant())
	}
	return event
}
