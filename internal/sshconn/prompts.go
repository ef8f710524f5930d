// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/crypto/ssh"
)

// Demand is what a server asks for, and a password that was given for it is not.
type Demand string

// The demands.
const (
	NewPassword Demand = "a new password"
	OneTimeCode Demand = "a one-time code"
	EchoedText  Demand = "an answer that it would echo"
	ManyAnswers Demand = "more than one answer"
	OtherAnswer Demand = "another answer after the password"
	UnknownText Demand = "an answer in words that are not known as a question for the password"
)

// DemandError is a login that the server did not finish because it asked for
// something else than the password, once.
type DemandError struct {
	Demand Demand
	Asked  string // its words
}

func (e *DemandError) Error() string {
	if e.Asked == "" {
		return "the server asks for " + string(e.Demand)
	}
	return fmt.Sprintf("the server asks for %s: %.200q", e.Demand, e.Asked)
}

func (e *DemandError) hint() string {
	switch e.Demand {
	case NewPassword:
		return "the password has expired: log in by hand, set a new one, and give that"
	case OneTimeCode:
		return "a code cannot be given here: use a key, or an account without a second factor"
	}
	return "use a key, or an account that logs in with its password alone; the prompts of RADIUS and TACACS+ are set on their server"
}

// The words of questions, in the languages of those who set them up: a server of
// RADIUS asks as its owner wrote, and PAM as the system's language is. \b knows only
// the letters of ASCII.
var (
	asksForPassword = anyOf(`pass`, `\bpwd?\b`, `kennwort`, `contrase`, `\bclave\b`, `senha`, `wachtwoord`, `lösenord`, `losenord`, `adgangskode`, `kodeord`,
		`salasana`, `hasł`, `haslo`, `heslo`, `парол`, `şifre`, `sifre`, `parol`, `parool`, `jelsz`, `lozink`, `лозинк`, `zaporka`, `geslo`, `slapta`, `mật khẩu`, `sandi\b`,
		`κωδικ`, `סיסמ`, `كلمة`, `パスワード`, `パスフレーズ`, `密码`, `密碼`, `口令`, `비밀번호`, `암호`, `รหัสผ่าน`, `पासवर्ड`)
	asksForNew = anyOf(`\b(new|chang\w+|change|expired?|re-?enter|re-?type|confirm|repeat|reset|choose)\b`,
		`\b(neue[snmr]?|erneut|wiederhol\w*|nouve(au|l|lle)|confirme[zr]?|nuev[oa]|nov[oa]|nuov[oa]|confermare?|confirmar?|repet\w*|repita|ripet\w*|nieuwe?|herhaal|nytt|nyt|upprepa|gjenta|gentag|uusi|nowe|nov[yý]|yeni)\b`,
		`\bnové`, `нов(ый|ого|ий)`, `повтор`, `新`, `새 `, `νέο`, `חדש`, `جديد`, `もう一度`, `再输入`, `再入力`)
	asksForOld  = anyOf(`\b(old|current|alte[sn]?|aktuelle[sn]?|bisherige[sn]?|derzeitige[sn]?|ancien|actuel|actual|anterior|atual|attuale|huidige?|nuvarande|nåværende|nuværende|obecne)\b`, `текущ`, `стар(ый|ого)`, `当前`, `現在の`, `旧`)
	asksForCode = anyOf(`\b(\w*codes?|\w*token\w*|\w*otp\w*|one[- ]time|einmal\w*|verification|verify|challenge|response|pins?|mfa|2fa|\w*factor|duo|push|securid|yubikey|authenticator|s/key)\b`,
		`\b(m?tan|sms|oath|passkey|pass[- ]?codes?|(dynamic|next) password|safeword|crypto-?card|(smart|key|id) ?card)\b`,
		`usage unique`, `\bjeton\b`, `un solo uso`, `único uso`, `uso único`, `descartável`, `códig`, `\bcodigo\b`, `codice`, `monouso`, `eenmalig`, `engångs`, `engangs`, `kertakäytt`, `koodi\b`,
		`jednoraz`, `jednoráz`, `\b(kod|kód)\b`, `\bkodu\b`, `kód:`, `одноразов`, `код[ :]`, `токен`, `tek kullanım`, `ワンタイム`, `コード`, `验证`, `驗證`, `一次性`, `动态`, `動態`, `令牌`, `인증`, `일회용`)
	// What is said beside a question may be house rules, so it has to be clear.
	wantsChange = anyOf(`password\b.*\b(expired|change (is )?required|must be changed|has to be changed)|must change your password|(enter|choose) a new password`,
		`(passwort|kennwort)\b.*(abgelaufen|geändert werden)`, `mot de passe\b.*expiré`, `contraseña.*(caducado|expirado|vencido)`, `senha.*expirou`, `password\b.*scaduta`, `wachtwoord.*verlopen`,
		`парол.*ист[её]к`, `密[码碼].*[过過]期`, `パスワード.*期限`)
	wantsCode = anyOf(`\b(enter|type|provide|respond)\b.*\b(\w*code|\w*token|otp|pin|challenge|response)\b`)
)

// anyOf matches one of the patterns, in capitals or not.
func anyOf(patterns ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)` + strings.Join(patterns, "|"))
}

// classify tells what a question asks for, "" if it is the password. What was
// answered, or accepted, before is not answered again.
func (c *credentials) classify(instruction, question string, isEchoed, wasAnswered bool) Demand {
	question, instruction = c.withoutNames(question), clean(instruction)
	isAfter := wasAnswered || slices.Contains(c.passed, byPassword)
	switch {
	case wantsChange.MatchString(instruction), asksForNew.MatchString(question), asksForOld.MatchString(question) && (isAfter || c.spent):
		return NewPassword
	case wantsCode.MatchString(instruction), asksForCode.MatchString(question):
		return OneTimeCode
	case isEchoed:
		return EchoedText
	case isAfter, c.spent && !asksForPassword.MatchString(question):
		return OtherAnswer
	case strings.ContainsFunc(question, unicode.IsLetter) && !asksForPassword.MatchString(question):
		return UnknownText
	}
	return ""
}

// withoutNames takes the user and the host out of a question: they are names, and
// may be called token or new.
func (c *credentials) withoutNames(words string) string {
	words = beforeAt.ReplaceAllString(clean(words), "")
	for _, name := range []string{c.hop.user, c.hop.given, c.hop.host} {
		if name != "" {
			words = regexp.MustCompile(`(?i)(^|[^\w-])`+regexp.QuoteMeta(name)+`($|[^\w-])`).ReplaceAllString(words, "$1$2")
		}
	}
	return words
}

// beforeAt is "(user@host) ", as OpenSSH puts it before a question.
var beforeAt = regexp.MustCompile(`^\s*\([^)]*@[^)]*\)`)

// answerQuestions answers a server's questions (RFC 4256): one of them, hidden, for
// the password, once.
func (c *credentials) answerQuestions() ssh.KeyboardInteractiveChallenge {
	answered := false
	return func(name, instruction string, questions []string, echos []bool) ([]string, error) {
		instruction = name + " " + instruction
		c.noteRemark(instruction)
		switch {
		case len(questions) == 0:
			return nil, nil // section 3.3: a message without a question
		case len(questions) > 1:
			asked := strings.Join(questions, " ")
			demand := c.classify(instruction, asked, false, false)
			if demand == "" {
				demand = ManyAnswers
			}
			return nil, c.refuseDemand(demand, asked)
		}
		said, asked := splitQuestion(questions[0])
		switch demand := c.classify(instruction+" "+said, asked, echos[0], answered); {
		case demand == OtherAnswer && answered && asksForPassword.MatchString(asked):
			return nil, errAskedAgain
		case demand != "":
			return nil, c.refuseDemand(demand, strings.TrimSpace(clean(instruction)+" "+clean(questions[0])))
		}
		answered, c.spent = true, true
		c.tried = append(c.tried, byQuestion)
		return []string{c.hop.cfg.Password.Reveal()}, nil
	}
}

// splitQuestion parts what is said from what is asked: sshd puts what a module of PAM
// tells before the question into the same text. Without a full stop it may be the
// question's own beginning.
func splitQuestion(text string) (said, asked string) {
	text = strings.TrimRight(text, " \t\r\n")
	end := strings.LastIndexByte(text, '\n')
	if end < 0 || !strings.HasSuffix(strings.TrimRight(text[:end], " \t\r\n"), ".") {
		return "", text
	}
	return text[:end], text[end+1:]
}

// errAskedAgain is a password that was wrong.
var errAskedAgain = errors.New("the server asks for the password again")

func (c *credentials) refuseDemand(d Demand, asked string) error {
	c.demand = &DemandError{Demand: d, Asked: clean(asked)}
	return c.demand
}

// noteRemark keeps what a server says of the account, for an error: "password
// change required" comes in a banner, or with a question.
func (c *credentials) noteRemark(text string) {
	for line := range strings.Lines(text) {
		line = clean(line)
		if tellsWhy.MatchString(line) && len(c.remarks) < 3 {
			c.remarks = append(c.remarks, fmt.Sprintf("%.200q", line))
		}
	}
}

// tellsWhy knows the words for an account that cannot log in, and not those of
// house rules.
var tellsWhy = regexp.MustCompile(`(?i)password\b.*\b(expired|change required|change is required|must be changed|must change|has to be changed)|(change|must change) your password|account\b.*\b(locked|disabled|expired|suspended)|too many (failed|login|authentication)|access denied|permission denied|not authori[sz]ed to`)
