package logging

import (
	"fmt"
	"log/slog"
	"strings"

	"meet/domain"
)

// masked is the record without secrets in its URLs; most have none.
func masked(record slog.Record) slog.Record {
	told := strings.Contains(record.Message, sign)
	record.Attrs(func(attribute slog.Attr) bool {
		told = told || strings.Contains(text(attribute), sign)
		return !told
	})
	if !told {
		return record
	}
	clean := slog.NewRecord(record.Time, record.Level, domain.MaskURLs(record.Message), record.PC)
	record.Attrs(func(attribute slog.Attr) bool {
		clean.AddAttrs(mask(attribute))
		return true
	})
	return clean
}

const sign = "://"

func mask(attribute slog.Attr) slog.Attr {
	if told := text(attribute); strings.Contains(told, sign) {
		return slog.String(attribute.Key, domain.MaskURLs(told))
	}
	return attribute
}

// text is what of an attribute could hold a URL.
func text(attribute slog.Attr) string {
	switch value := attribute.Value.Resolve(); value.Kind() {
	case slog.KindString:
		return value.String()
	case slog.KindAny:
		return fmt.Sprint(value.Any())
	default:
		return ""
	}
}
