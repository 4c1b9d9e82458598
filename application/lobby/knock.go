package lobby

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// Visit is somebody at the door of a room.
type Visit struct {
	User     domain.User
	Username string           // the name the visitor would like to show
	ID       string           // of the browser, a UUID
	Known    bool             // the browser brought the id with it
	Wait     time.Duration    // for how long the browser will not ask again, besides the usual seconds
	From     []domain.Network // to which the visitor's address belongs
	Seen     *domain.RoomView // the room, when it was read together with who the visitor is
}

// Answer is how far the visitor has come.
type Answer struct {
	domain.LobbyEntry
	Room        uuid.UUID
	LiveKitRoom string // "" unless the visitor may enter
	Token       string // LiveKit access token
}

// Knock asks to be let in, or how far an earlier knock has come. Who need not
// wait is let in at once. It fails with domain.ErrRoomNotFound.
func (s *Service) Knock(ctx context.Context, visit Visit, key string) (Answer, error) {
	view, err := s.look(ctx, visit, key)
	if err != nil {
		return Answer{}, fmt.Errorf("knock: %w", err)
	}
	if view.MayJoin(visit.User, view.Role) {
		return s.letIn(ctx, visit, view)
	}
	if view.Banned { // whatever the browser was before its person signed in
		entry := domain.NewLobbyEntry(visit.ID, visit.Username, visit.User)
		entry.Status = domain.Denied
		return s.answer(visit, view, entry)
	}
	stay := s.rules.Waiting + visit.Wait
	entry, found, err := s.entries.Poll(ctx, view.ID, visit.ID, stay)
	if err == nil && found && entry.Identity != domain.LobbyIdentity(visit.ID, visit.User) {
		found = false // somebody else sits at the browser now, who has to ask too
		err = s.entries.Forget(ctx, view.ID, visit.ID)
	}
	if err == nil && !found {
		entry, err = s.enlist(ctx, visit, view, stay)
	}
	if err == nil && entry.Status == domain.Accepted { // and perhaps removed since
		var banned bool
		if banned, err = s.banned(ctx, visit, view); banned {
			entry.Status = domain.Denied
		}
	}
	if err != nil {
		return Answer{}, fmt.Errorf("knock: %w", err)
	}
	return s.answer(visit, view, entry)
}

// letIn answers somebody who need not wait. What the lobby knows of them
// stays as it is.
func (s *Service) letIn(ctx context.Context, visit Visit, view domain.RoomView) (Answer, error) {
	entry := domain.NewLobbyEntry(visit.ID, visit.Username, visit.User)
	if visit.Known {
		known, there, err := s.entries.Poll(ctx, view.ID, visit.ID, 0)
		if err != nil && domain.KindOf(err) != domain.Unavailable { // nobody needs the lobby here
			return Answer{}, fmt.Errorf("knock: %w", err)
		}
		if there {
			entry = known
		}
	}
	banned, err := s.banned(ctx, visit, view)
	if err != nil {
		return Answer{}, fmt.Errorf("knock: %w", err)
	}
	entry.Status = domain.Accepted
	if banned {
		entry.Status = domain.Denied
	}
	return s.answer(visit, view, entry)
}

// banned reports whether the visitor was put out of the present meeting.
func (s *Service) banned(ctx context.Context, visit Visit, view domain.RoomView) (bool, error) {
	if visit.User.SignedIn() || !visit.Known {
		return view.Banned, nil
	}
	return s.bans.Has(ctx, view.ID, visit.ID)
}

// enlist adds somebody new and tells the moderators.
func (s *Service) enlist(ctx context.Context, visit Visit, view domain.RoomView, stay time.Duration) (domain.LobbyEntry, error) {
	entry := domain.NewLobbyEntry(visit.ID, visit.Username, visit.User)
	if banned, err := s.banned(ctx, visit, view); banned || err != nil {
		entry.Status = domain.Denied
		return entry, err
	}
	kept, added, err := s.entries.Add(ctx, view.ID, entry, visit.From, stay)
	if added {
		s.meeting.Announce(ctx, view.ID, s.rules.Notice)
	}
	return kept, err
}

// Await returns when the entry that waits is decided, or the time is over.
func (s *Service) Await(ctx context.Context, room uuid.UUID, id string, wait time.Duration) {
	rung, stop := s.bell.listen(topic{room, id})
	defer stop()
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		entry, found, err := s.entries.Poll(ctx, room, id, 0)
		if err != nil || !found || entry.Status != domain.Waiting {
			return
		}
		select {
		case <-rung:
		case <-over.C:
			return
		case <-s.bell.closed:
			return
		case <-ctx.Done():
			return
		}
	}
}

// answer adds a token for those who were accepted.
func (s *Service) answer(visit Visit, view domain.RoomView, entry domain.LobbyEntry) (Answer, error) {
	answer := Answer{LobbyEntry: entry, Room: view.ID}
	if entry.Status != domain.Accepted {
		return answer, nil
	}
	grant := s.rules.Tokens.GrantFor(visit.User, view.Role, view.ID.String(), visit.Username, entry.ID, view.Configuration)
	grant.Color = entry.Color
	var err error
	if answer.Token, err = s.tokens.Sign(grant); err != nil {
		return Answer{}, fmt.Errorf("sign access token: %w", err)
	}
	answer.LiveKitRoom = grant.Room
	return answer, nil
}
