package e2e

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meet/bootstrap"
	"meet/test/client"
	"meet/test/postgres"
)

// TestAddressesThatProvidersHandOut starts on a database with options that
// libpq and the frameworks of Python know.
func TestAddressesThatProvidersHandOut(t *testing.T) {
	plain, err := url.Parse(postgres.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		"sslmode=prefer&channel_binding=require", "sslmode=allow&connect_timeout=10&application_name=meet", "gssencmode=disable&keepalives=1&keepalives_idle=30",
		"options=-c%20statement_timeout%3D30000", "target_session_attrs=read-write", "target_session_attrs=primary&load_balance_hosts=disable",
		"pgbouncer=true&connection_limit=5", "conn_max_age=600", "hostaddr=127.0.0.1", "schema=public", "tcp_user_timeout=1000", "",
	} {
		address := *plain
		address.RawQuery = query
		env, options := withoutMedia(t, address.String())
		at, stop := startApp(t, env, options...)
		client.New(t, "http://"+at).SignIn("demo-alice")
		stop()
	}
	env, options := withoutMedia(t, "")
	delete(env, "DATABASE_URL")
	env["DB_NAME"], env["DB_USER"] = strings.TrimPrefix(plain.Path, "/"), plain.User.Username()
	env["DB_HOST"], env["DB_PORT"] = "127.0.0.1,127.0.0.1", "1,"+plain.Port() // nobody listens at the first
	at, _ := startApp(t, env, options...)
	client.New(t, "http://"+at).SignIn("demo-alice")
}

// TestWhatServeRefusesConfigRefusesToo reads addresses without connecting.
func TestWhatServeRefusesConfigRefusesToo(t *testing.T) {
	t.Parallel()
	for query, name := range map[string]string{
		"sslmode=nonsense": "sslmode", "target_session_attrs=nonsense": "target_session_attrs", "connect_timeout=soon": "connect_timeout",
		"sslrootcert=system&sslmode=require": "sslrootcert", "sslcrl=/x": "sslcrl", "nonsense=1": "nonsense", "client_encoding=latin1": "client_encoding",
	} {
		_, problems := bootstrap.Load(map[string]string{"DATABASE_URL": "postgres://u:pa55w0rd@h/n?" + query})
		all := strings.Join(problems, "\n")
		if !strings.Contains(all, "DATABASE_URL") || !strings.Contains(all, name) || strings.Contains(all, "pa55w0rd") {
			t.Errorf("%s: %s", query, all)
		}
	}
}

// TestAFolderThatIsThereStaysAsItIs starts in one that is shared with others,
// and in one that is made.
func TestAFolderThatIsThereStaysAsItIs(t *testing.T) {
	const shared = os.ModeDir | os.ModeSticky | os.ModeSetgid | 0o777
	folder := filepath.Join(t.TempDir(), "data")
	if err := errors.Join(os.Mkdir(folder, 0o700), os.Chmod(folder, shared)); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{folder: shared, filepath.Join(folder, "new"): os.ModeDir | os.ModeSetgid | 0o700} {
		startIn(t, path)
		if info, err := os.Stat(path); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v instead of %v, %v", path, info.Mode(), mode, err)
		}
	}
}

func startIn(t *testing.T, folder string) {
	t.Helper()
	env, options := withoutMedia(t, "")
	delete(env, "DATABASE_URL")
	env["DJANGO_DATA_DIR"] = folder
	startApp(t, env, options...)
}
