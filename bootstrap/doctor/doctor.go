package doctor

import (
	"context"
	"slices"
	"sync"
	"time"

	"meet/adapters/livekit"
	"meet/adapters/oidc"
	"meet/adapters/redisstore"
	"meet/adapters/smtp"
	"meet/adapters/sqlstore"
	"meet/domain"
)

// sectionTimeout is for all checks of one part of the set-up.
const sectionTimeout = 20 * time.Second

// Examine looks at everything, side by side; the order of what it finds is
// always the same.
func Examine(ctx context.Context, setup Setup) []domain.Finding {
	front := &front{setup: setup, address: setup.public()}
	sections := []func(context.Context) []domain.Finding{
		func(context.Context) []domain.Finding { return configuration(setup) },
		setup.database,
		setup.redis,
		setup.provider,
		setup.media,
		func(ctx context.Context) []domain.Finding { return smtp.Examine(ctx, setup.SMTP) },
		front.examine,
	}
	results := make([][]domain.Finding, len(sections))
	var running sync.WaitGroup
	for i, section := range sections {
		running.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, sectionTimeout)
			defer cancel()
			results[i] = section(ctx)
		})
	}
	running.Wait()
	ctx, cancel := context.WithTimeout(ctx, sectionTimeout)
	defer cancel()
	findings := slices.Concat(results...)
	return setup.hide(append(findings, setup.webhook(ctx, front, findings)))
}

// Failed reports whether something has to be mended before the set-up works.
func Failed(findings []domain.Finding) bool {
	return slices.ContainsFunc(findings, func(f domain.Finding) bool { return f.Status == domain.Broken })
}

// hide is a second line of defence: no check tells secrets on purpose.
func (s Setup) hide(findings []domain.Finding) []domain.Finding {
	for i := range findings {
		findings[i].Seen, findings[i].Mend = s.Conceal.Text(findings[i].Seen), s.Conceal.Text(findings[i].Mend)
	}
	return findings
}

func unconfigured(check, variable string) []domain.Finding {
	return []domain.Finding{{Check: check, Status: domain.Unexamined, Seen: "not configured, see configuration", Mend: "set " + variable}}
}

func (s Setup) database(ctx context.Context) []domain.Finding {
	if s.Database.PostgresURL == "" && s.Database.SQLitePath == "" {
		return unconfigured("database.connection", "DATABASE_URL (or DB_*)")
	}
	return sqlstore.Examine(ctx, s.Database, s.Migrates)
}

func (s Setup) redis(ctx context.Context) []domain.Finding {
	if s.Redis == "" {
		return []domain.Finding{{Check: "redis.connection", Status: domain.Unexamined, Seen: "not used: one process needs no Redis (REDIS_URL)"}}
	}
	return redisstore.Examine(ctx, s.Redis, s.LobbyPrefix)
}

// verifier is one that PKCE allows (RFC 7636, section 4.1).
const verifier = "examination-of-the-set-up-examination-of-the-set-up"

func (s Setup) provider(ctx context.Context) []domain.Finding {
	if s.OIDC.Issuer == "" && s.OIDC.AuthorizationEndpoint == "" {
		return unconfigured("oidc.discovery", "OIDC_OP_URL")
	}
	registration := oidc.Registration{RedirectURI: s.redirectURI(), Production: s.Production}
	if s.PKCE {
		registration.Verifier = verifier
	}
	return oidc.Examine(ctx, s.OIDC, registration)
}

func (s Setup) media(ctx context.Context) []domain.Finding {
	if s.LiveKit.URL == "" || s.LiveKit.Key == "" || s.LiveKit.Secret == "" {
		return unconfigured("livekit.server", "LIVEKIT_API_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET")
	}
	findings := livekit.Examine(ctx, s.LiveKit)
	if s.Telephony {
		findings = append(findings, livekit.ExamineTelephony(ctx, s.LiveKit))
	}
	return findings
}
