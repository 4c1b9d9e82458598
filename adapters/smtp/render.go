package smtp

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	"meet/domain"
)

//go:embed templates
var templates embed.FS

// wording is the texts of an invitation in one language; %s stands for who
// invites, or for the brand in the thanks.
type wording struct {
	Subject, SubjectNobody, Invites, InvitesNobody string
	Join, Link, TipsTitle                          string
	Tips                                           []string
	Thanks                                         string
}

func readWording() (map[string]wording, error) {
	raw, err := templates.ReadFile("templates/wording.json")
	if err != nil {
		return nil, err
	}
	var texts map[string]wording
	if err := json.Unmarshal(raw, &texts); err != nil {
		return nil, fmt.Errorf("wording: %w", err)
	}
	return texts, nil
}

// page is what the templates show.
type page struct {
	wording
	Language, Sender, Brand, Logo, URL, Shown string
}

// render writes the subject and both bodies.
func (m *Mailer) render(letter domain.Letter) (subject, text, html string, err error) {
	language, _, _ := strings.Cut(letter.Language, "-")
	words, known := m.wording[language]
	if !known {
		language, words = "en", m.wording["en"]
	}
	p := page{
		wording: words, Language: language, Sender: letter.Sender, Brand: m.config.Brand, Logo: m.config.Logo,
		URL:   strings.TrimSuffix(m.config.BaseURL, "/") + "/" + letter.Slug,
		Shown: strings.TrimSuffix(m.config.Domain, "/") + "/" + letter.Slug,
	}
	if m.config.Domain == "" {
		p.Shown = p.URL
	}
	if p.Subject = fmt.Sprintf(words.Subject, letter.Sender); letter.Sender == "" {
		p.Subject, p.Invites = words.SubjectNobody, words.InvitesNobody
	}
	p.Thanks = fmt.Sprintf(words.Thanks, m.config.Brand)
	var body, rich bytes.Buffer
	plain, err := texttemplate.ParseFS(templates, "templates/invitation.txt")
	if err == nil {
		err = plain.Execute(&body, p)
	}
	if err != nil {
		return "", "", "", fmt.Errorf("invitation as text: %w", err)
	}
	page, err := htmltemplate.ParseFS(templates, "templates/invitation.html")
	if err == nil {
		err = page.Execute(&rich, p)
	}
	if err != nil {
		return "", "", "", fmt.Errorf("invitation as HTML: %w", err)
	}
	return p.Subject, body.String(), rich.String(), nil
}
