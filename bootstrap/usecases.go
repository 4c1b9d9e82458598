package bootstrap

import (
	"time"

	"go.uber.org/fx"

	"meet/application/access"
	"meet/application/audit"
	"meet/application/dialin"
	"meet/application/invitation"
	"meet/application/lobby"
	"meet/application/moderation"
	"meet/application/room"
	"meet/application/signin"
	"meet/application/signout"
	"meet/application/subtitle"
)

const flushTimeout = 5 * time.Second

// useCases are the application's services.
func useCases(config Config) fx.Option {
	return fx.Module("application",
		fx.Supply(config.SignIn, config.Rooms, config.Meetings.Lobby, config.Audit, subtitle.Agent(config.HTTP.SubtitleAgent)),
		fx.Provide(signin.New, signout.New, room.New, access.New, lobby.New, moderation.New, dialin.New, invitation.New, audit.New, subtitle.New,
			newEvents, newEvict),
		fx.Invoke(meetings, seal))
}
