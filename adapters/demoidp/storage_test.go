package demoidp

import (
	"testing"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

func TestATokenInUseOutlivesACrowd(t *testing.T) {
	t.Parallel()
	s := &storage{tokens: map[string]string{}}
	ask := func() string {
		id, _, err := s.CreateAccessToken(t.Context(), &request{subject: People[0].Subject})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	for range maxRequests - 1 {
		ask()
	}
	mine := ask()
	for range maxRequests {
		ask()
	}
	if err := s.SetUserinfoFromToken(t.Context(), new(oidc.UserInfo), mine, "", ""); err != nil {
		t.Error(err)
	}
	if kept := len(s.tokens) + len(s.older); kept > 2*maxRequests {
		t.Errorf("%d tokens are kept", kept)
	}
}
