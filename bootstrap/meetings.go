package bootstrap

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/fx"

	"meet/adapters/livekit"
	"meet/adapters/memstore"
	"meet/adapters/redisstore"
	"meet/application/event"
	"meet/application/invitation"
	"meet/application/lobby"
	"meet/application/signout"
	"meet/ports"
)

// shared is what may be lost: kept in Redis, or in this process.
func shared(config Config) fx.Option {
	if config.Meetings.Redis == "" {
		return fx.Provide(
			func(world ports.Surroundings) (ports.Lobby, ports.LobbyNews) {
				entries := memstore.NewLobby(world.Now)
				return entries, entries
			},
			fx.Annotate(memstore.NewCounts, fx.As(new(ports.Counts))))
	}
	return fx.Provide(
		func(lifecycle fx.Lifecycle) (redis.UniversalClient, error) {
			client, err := redisstore.Open(config.Meetings.Redis)
			if err == nil {
				lifecycle.Append(fx.StartStopHook(func(ctx context.Context) error { return greet(ctx, config.Meetings) }, client.Close))
			}
			return client, Named("REDIS_URL", err)
		},
		func(client redis.UniversalClient) (ports.Lobby, ports.LobbyNews) {
			entries := redisstore.NewLobby(client, config.Meetings.LobbyPrefix)
			return entries, entries
		},
		fx.Annotate(redisstore.NewCounts, fx.As(new(ports.Counts))))
}

// greet refuses to start when Redis will never let us in. One that is away now
// may be back soon.
func greet(ctx context.Context, config MeetingsConfig) error {
	err := redisstore.Check(ctx, config.Redis, config.LobbyPrefix)
	if errors.Is(err, redisstore.ErrRefused) {
		return Named("REDIS_URL", err)
	}
	if err != nil {
		slog.WarnContext(ctx, "Redis does not answer yet", "error", err)
	}
	return nil
}

// newEvents wires the service that knows what goes on in the media server.
func newEvents(config Config, inbox ports.Inbox, attendance ports.Attendance, leases ports.Leases, rooms ports.Rooms,
	entries ports.Lobby, bans ports.Bans, accounts ports.Accounts, webhooks ports.Webhooks, meeting ports.Meeting,
	people ports.Participants, lines ports.DialIn, agents ports.Agents, egresses ports.Egresses, recordings ports.Recordings,
	revocations ports.Revocations, world ports.Surroundings) *event.Service {
	return event.New(
		event.Stores{
			Inbox: inbox, Attendance: attendance, Leases: leases, Rooms: rooms, Entries: entries, Bans: bans, Accounts: accounts,
			Recordings: recordings, Revocations: revocations,
		},
		event.LiveKit{Webhooks: webhooks, Meeting: meeting, People: people, DialIn: lines, Agents: agents, Egresses: egresses},
		world, config.Meetings.Events)
}

func newEvict(events *event.Service) signout.Evict { return events.Evict }

const (
	look = 2 * time.Second // how often work that others left is looked for
	wait = 2 * time.Second
)

// meetings runs what goes on beside the requests.
func meetings(lifecycle fx.Lifecycle, config Config, meeting *livekit.Meeting, news ports.LobbyNews, lobbies *lobby.Service,
	events *event.Service, invitations *invitation.Service) {
	background(lifecycle, meeting.Run)
	background(lifecycle, func(ctx context.Context) {
		for ctx.Err() == nil {
			if err := news.Follow(ctx, lobbies.Changed); err != nil {
				slog.WarnContext(ctx, "changes of the lobby are not heard", "error", err)
				pause(ctx, wait)
			}
		}
	})
	background(lifecycle, repeat(look, events.Fresh(), "events were not handled", events.Drain))
	background(lifecycle, repeat(look, invitations.Fresh(), "invitations were not sent", invitations.Deliver))
	background(lifecycle, repeat(config.Meetings.Reconcile, nil, "the media server was not compared with the database", events.Reconcile))
}

// repeat does the work at start, then again and again, and at once when
// something is fresh.
func repeat(every time.Duration, fresh <-chan struct{}, trouble string, work func(context.Context) error) func(context.Context) {
	return func(ctx context.Context) {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			if err := work(ctx); err != nil && ctx.Err() == nil {
				slog.WarnContext(ctx, trouble, "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			case <-fresh:
			}
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
