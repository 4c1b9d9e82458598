package livekit

import (
	"fmt"

	"github.com/livekit/protocol/auth"

	"meet/domain"
	"meet/ports"
)

// Config names the media server.
type Config struct {
	URL    string // as the browsers reach it; ws(s) and http(s) both work
	Key    string
	Secret string
}

// Tokens implements ports.Tokens, ports.Passes and ports.Webhooks.
type Tokens struct{ config Config }

var (
	_ ports.Tokens   = (*Tokens)(nil)
	_ ports.Passes   = (*Tokens)(nil)
	_ ports.Webhooks = (*Tokens)(nil)
)

// NewTokens signs with the server's key.
func NewTokens(config Config) *Tokens { return &Tokens{config} }

// Sign implements ports.Tokens. See
// https://docs.livekit.io/home/get-started/authentication/ for the claims.
func (t *Tokens) Sign(grant domain.Grant) (string, error) {
	publish, yes, no := len(grant.Sources) > 0, true, false
	token := auth.NewAccessToken(t.config.Key, t.config.Secret).
		SetIdentity(grant.Identity).
		SetName(grant.Name).
		SetValidFor(grant.TTL).
		SetVideoGrant(&auth.VideoGrant{
			RoomJoin: true, Room: grant.Room,
			CanPublish: &publish, CanSubscribe: &yes, CanPublishData: &yes,
			CanPublishSources: grant.Sources, CanUpdateOwnMetadata: &no,
		}).
		SetAttributes(map[string]string{
			"color": grant.Color, "room_role": string(grant.Role), "is_authenticated": fmt.Sprint(grant.Authenticated),
		})
	signed, err := token.ToJWT()
	if err != nil {
		return "", fmt.Errorf("sign LiveKit token: %w", err)
	}
	return signed, nil
}
