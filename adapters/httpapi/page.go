package httpapi

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

const (
	pageSize    = 20
	maxPageSize = 100
)

// query is a query parameter, "" for none; of equal names the last counts.
func query(c echo.Context, name string) string {
	values := c.QueryParams()[name]
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// readPage reads "page" and, where clients may choose it, "page_size". What
// is no page number becomes one outside any list.
func readPage(c echo.Context, sizable bool) domain.Page {
	page := domain.Page{Size: pageSize, Number: 1}
	if sizable {
		if size, err := strconv.Atoi(strings.TrimSpace(query(c, "page_size"))); err == nil && size > 0 {
			page.Size = min(size, maxPageSize)
		}
	}
	switch text := strings.TrimSpace(query(c, "page")); text {
	case "":
	case "last":
		page.Number = 0
	default:
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 {
			number = -1
		}
		page.Number = number
	}
	return page
}

type listing[T any] struct {
	Count    int     `json:"count"`
	Next     *string `json:"next"`
	Previous *string `json:"previous"`
	Results  []T     `json:"results"`
}

// respondPage answers one page with links to its neighbours.
func respondPage[T any](c echo.Context, s *Server, page domain.Page, count int, items []T) error {
	last := max(1, (count+page.Size-1)/page.Size)
	number := page.Number
	if number == 0 {
		number = last
	}
	body := listing[T]{Count: count, Results: items}
	if items == nil {
		body.Results = []T{}
	}
	if number < last {
		body.Next = s.pageLink(c, number+1)
	}
	if number > 1 {
		body.Previous = s.pageLink(c, number-1)
	}
	return respond(c, 200, body)
}

// pageLink is the request's own address with another page; page 1 has none.
func (s *Server) pageLink(c echo.Context, number int) *string {
	query := url.Values{}
	for name, values := range c.QueryParams() {
		query[name] = values
	}
	query.Del("page")
	if number > 1 {
		query.Set("page", strconv.Itoa(number))
	}
	link := s.origin(c) + c.Request().URL.EscapedPath()
	if encoded := query.Encode(); encoded != "" {
		link += "?" + encoded
	}
	return &link
}
