package livekit

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/livekit/protocol/livekit"
	"github.com/twitchtv/twirp"

	"meet/domain"
	"meet/ports"
)

// DialIn implements ports.DialIn by SIP dispatch rules.
// See https://docs.livekit.io/sip/dispatch-rule/.
type DialIn struct{ api *API }

var _ ports.DialIn = (*DialIn)(nil)

// NewDialIn acts through the server's API.
func NewDialIn(api *API) *DialIn { return &DialIn{api} }

func ruleName(room uuid.UUID) string { return "SIP_" + room.String() }

// Open implements ports.DialIn.
func (d *DialIn) Open(ctx context.Context, room uuid.UUID, pin string) (bool, error) {
	rules, err := d.rules(ctx, room)
	if err != nil || len(rules) > 0 {
		return false, err
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	direct := &livekit.SIPDispatchRuleDirect{RoomName: room.String(), Pin: pin}
	_, err = d.api.sip.CreateSIPDispatchRule(ctx, &livekit.CreateSIPDispatchRuleRequest{DispatchRule: &livekit.SIPDispatchRuleInfo{
		Name: ruleName(room), Rule: &livekit.SIPDispatchRule{Rule: &livekit.SIPDispatchRule_DispatchRuleDirect{DispatchRuleDirect: direct}},
	}})
	if conflict(err) {
		return false, nil
	}
	return err == nil, failure("create SIP dispatch rule", err, nil)
}

// conflict reports whether somebody was faster; versions of LiveKit say so in
// two ways.
func conflict(err error) bool {
	answer, ok := errors.AsType[twirp.Error](err)
	return ok && (answer.Code() == twirp.AlreadyExists ||
		answer.Code() == twirp.InvalidArgument && strings.Contains(answer.Msg(), "already exists"))
}

// Close implements ports.DialIn.
func (d *DialIn) Close(ctx context.Context, room uuid.UUID) error {
	rules, err := d.rules(ctx, room)
	if err != nil {
		return err
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	var failed []error
	for _, rule := range rules {
		if _, err := d.api.sip.DeleteSIPDispatchRule(ctx, &livekit.DeleteSIPDispatchRuleRequest{SipDispatchRuleId: rule}); !missing(err) {
			failed = append(failed, failure("delete SIP dispatch rule", err, nil))
		}
	}
	return errors.Join(failed...)
}

// rules are the ids of the room's dispatch rules.
func (d *DialIn) rules(ctx context.Context, room uuid.UUID) ([]string, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	list, err := d.api.sip.ListSIPDispatchRule(ctx, &livekit.ListSIPDispatchRuleRequest{})
	if withoutSIP(err) {
		return nil, fmt.Errorf("list SIP dispatch rules: %w", domain.ErrNoTelephony)
	}
	if err != nil {
		return nil, failure("list SIP dispatch rules", err, nil)
	}
	var ids []string
	for _, rule := range list.GetItems() {
		if rule.GetName() == ruleName(room) {
			ids = append(ids, rule.GetSipDispatchRuleId())
		}
	}
	return ids, nil
}

// withoutSIP reports whether LiveKit says that it runs without its SIP side,
// which needs a Redis; it has no code of its own for that.
func withoutSIP(err error) bool {
	answer, ok := errors.AsType[twirp.Error](err)
	return ok && strings.Contains(answer.Msg(), "sip not connected")
}
