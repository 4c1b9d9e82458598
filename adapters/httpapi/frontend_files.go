package httpapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"time"
)

// maxZipped is how much memory files take that were compressed here; what does
// not fit is sent as it is.
const maxZipped = 32 << 20 // bytes

// variant is a content under which a file is served: itself, or what another
// encoding makes of it.
type variant struct {
	encoding string // "" for the file itself
	tag      string // ETag
	size     int64
	modified time.Time
	open     func() (io.ReadSeekCloser, error)
}

// served are the files of a frontend. What takes reading a whole file, such as
// compressing it, is done once for each state of the file.
type served struct {
	files Files
	mu    sync.Mutex // one at a time, however many ask
	known map[string]*remembered
	used  int // bytes of zipped contents
}

// remembered is what was found out about a file while it had that size and age.
type remembered struct {
	size     int64
	modified time.Time
	digest   string
	zipped   []byte
	tried    bool // to compress it
}

// find is the file as it lies there; folders, hidden files, links that lead
// out of the frontend and whatever else is no file do not exist.
func (s *served) find(name string) (variant, error) {
	if name == "" || s.files == nil || strings.Contains("/"+name, "/.") || !fs.ValidPath(name) {
		return variant{}, fs.ErrNotExist
	}
	info, err := fs.Stat(s.files, name)
	if err != nil || !info.Mode().IsRegular() {
		return variant{}, fs.ErrNotExist
	}
	found := variant{size: info.Size(), modified: info.ModTime(), open: func() (io.ReadSeekCloser, error) { return s.open(name) }}
	if found.modified.IsZero() { // embedded
		found.tag, err = s.digest(name, found)
		return found, err
	}
	found.tag = fmt.Sprintf(`"%x-%x"`, found.modified.UnixNano(), found.size)
	return found, nil
}

func (s *served) open(name string) (io.ReadSeekCloser, error) {
	file, err := s.files.Open(name)
	if err != nil {
		return nil, err
	}
	content, seekable := file.(io.ReadSeekCloser)
	if !seekable {
		return nil, errors.Join(fmt.Errorf("%s cannot be read in parts", name), file.Close())
	}
	return content, nil
}

// about is what is remembered of the file; s.mu is held.
func (s *served) about(name string, file variant) *remembered {
	known := s.known[name]
	if known == nil || known.size != file.size || !known.modified.Equal(file.modified) {
		if known != nil {
			s.used -= len(known.zipped)
		}
		known = &remembered{size: file.size, modified: file.modified}
		s.known[name] = known
	}
	return known
}

// digest is the entity tag of a file without a date.
func (s *served) digest(name string, file variant) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.about(name, file)
	if known.digest != "" {
		return known.digest, nil
	}
	content, err := file.open()
	if err != nil {
		return "", err
	}
	defer func() { _ = content.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return "", err
	}
	known.digest = `"` + hex.EncodeToString(sum.Sum(nil)[:12]) + `"`
	return known.digest, nil
}

// encoded is the file in an encoding that the client takes: one that lies
// beside it, or gzip made here.
func (s *served) encoded(name string, file variant, accept string) (variant, bool) {
	for _, beside := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if takes(accept, beside.encoding) {
			if found, err := s.find(name + beside.suffix); err == nil {
				found.encoding = beside.encoding
				return found, true
			}
		}
	}
	if file.size < 1024 || !takes(accept, "gzip") {
		return variant{}, false
	}
	zipped := s.zip(name, file)
	if zipped == nil {
		return variant{}, false
	}
	return variant{
		encoding: "gzip", tag: strings.TrimSuffix(file.tag, `"`) + `-gzip"`, size: int64(len(zipped)), modified: file.modified,
		open: func() (io.ReadSeekCloser, error) { return inMemory{bytes.NewReader(zipped)}, nil },
	}, true
}

// zip compresses the file, or finds it compressed; nil when that does not pay.
func (s *served) zip(name string, file variant) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.about(name, file)
	if known.tried {
		return known.zipped
	}
	known.tried = true
	content, err := file.open()
	if err != nil {
		return nil
	}
	defer func() { _ = content.Close() }()
	room := min(int(file.size), maxZipped-s.used)
	out := &bounded{most: room}
	writer := gzip.NewWriter(out)
	if _, err := io.Copy(writer, content); err != nil || writer.Close() != nil {
		return nil // larger than itself, or than there is room
	}
	known.zipped = bytes.Clone(out.Bytes())
	s.used += len(known.zipped)
	return known.zipped
}

// inMemory is a content that needs no closing.
type inMemory struct{ *bytes.Reader }

// Close implements io.Closer.
func (inMemory) Close() error { return nil }

// bounded is a buffer that does not grow beyond a size.
type bounded struct {
	bytes.Buffer
	most int
}

var errFull = errors.New("there is no room for more")

// Write implements io.Writer.
func (b *bounded) Write(text []byte) (int, error) {
	if b.Len()+len(text) > b.most {
		return 0, errFull
	}
	return b.Buffer.Write(text)
}
