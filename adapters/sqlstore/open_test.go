package sqlstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"meet/adapters/sqlstore"
)

// TestAnyPathHoldsADatabaseThatIsPrivate opens files with odd names, new ones
// and ones that everybody could read.
func TestAnyPathHoldsADatabaseThatIsPrivate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"meet.db", "my data/a b.db", "50%.db", "a%41.db", "what?.db", "a#b.db", "ü/日本.db", "a&b=c;d.db", "'\".db"} {
		for _, existing := range []bool{false, true} {
			path := "/" + filepath.Join(t.TempDir(), name) // two slashes in front
			if existing {
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				for _, suffix := range []string{"", ".lock"} {
					if err := os.WriteFile(path+suffix, nil, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
			config := sqlstore.Config{SQLitePath: path}
			db, err := sqlstore.Open(config)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := sqlstore.NewMigrator(db, config).Up(t.Context()); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
				info, err := os.Stat(path + suffix)
				if err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%s%s (existing: %v): %v, %v", name, suffix, existing, info, err)
				}
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
