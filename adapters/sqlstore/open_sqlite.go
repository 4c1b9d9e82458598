package sqlstore

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"modernc.org/sqlite"

	"meet/domain"
)

// memory is the path of a database that is no file.
const memory = ":memory:"

// What only this user may read: people's names and sessions.
const (
	privateFile   = 0o600
	privateFolder = 0o700
	others        = 0o077 // the permissions of anybody else
)

var registerFunctions = sync.OnceValue(func() error {
	return sqlite.RegisterDeterministicScalarFunction("word_similarity", 2,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			query, _ := args[0].(string)
			text, _ := args[1].(string)
			return domain.WordSimilarity(query, text), nil
		})
})

func openSQLite(cfg Config) (*DB, error) {
	path := cfg.SQLitePath
	if err := registerFunctions(); err != nil {
		return nil, fmt.Errorf("sqlite functions: %w", err)
	}
	options := url.Values{
		"_pragma":      {"busy_timeout(10000)", "foreign_keys(1)", "journal_mode(WAL)", "synchronous(NORMAL)"},
		"_txlock":      {"immediate"},
		"_time_format": {"sqlite"},
	}
	if path != memory {
		if err := prepareFile(cfg); err != nil {
			return nil, err
		}
		path = filepath.Clean(path) // two slashes in front would begin the name of a server
	}
	pool, err := sql.Open("sqlite", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(8)
	if path == memory { // each connection would get a database of its own
		pool.SetMaxOpenConns(1)
		pool.SetConnMaxLifetime(0)
	}
	return newDB(pool, sqlite3), nil
}

// prepareFile makes the file before SQLite does, and closes it and those
// beside it to others. SQLite gives its journal the same permissions. A folder
// that is there may be for others too, so it stays as it is.
func prepareFile(cfg Config) error {
	folder := filepath.Dir(cfg.SQLitePath)
	if err := os.MkdirAll(folder, privateFolder); err != nil {
		return fmt.Errorf("folder of the database: %w", err)
	}
	file, err := os.OpenFile(cfg.SQLitePath, os.O_CREATE|os.O_RDWR, privateFile)
	if err != nil {
		return fmt.Errorf("file of the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("file of the database: %w", err)
	}
	if cfg.Untouched {
		return nil
	}
	for _, name := range beside(cfg.SQLitePath) {
		closeToOthers(name)
	}
	return nil
}

// closeToOthers takes their permissions away, where there is such a file.
func closeToOthers(name string) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil && info.Mode().Perm()&others != 0 {
		err = os.Chmod(name, info.Mode().Perm()&^others)
	}
	if err != nil {
		slog.Warn("others may read the database: its permissions cannot be changed", "file", name, "error", err)
	}
}

// beside are the files that a database in a file consists of.
func beside(path string) []string {
	return []string{path, path + "-wal", path + "-shm", path + ".lock"}
}
