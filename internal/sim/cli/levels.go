// SPDX-License-Identifier: GPL-3.0-or-later

package cli

// editPath goes to a level that the schema knows.
func editPath(s *session, c call) (result, error) {
	if len(c.rest) == 0 {
		return result{}, &Error{Message: "missing argument", Column: c.end}
	}
	config, err := s.dev.Configuration(Candidate)
	if err != nil {
		return result{}, err
	}
	path, ok := config.Tree.Resolve(wordTexts(c.rest), s.edit.path...)
	if !ok {
		return result{}, s.noLevelError(config, c)
	}
	s.edit.back = append(s.edit.back, s.edit.path)
	s.edit.path = path
	return result{}, nil
}

// noLevelError points at what keeps a path from being a level.
func (s *session) noLevelError(config Config, c call) error {
	for _, p := range config.Tree.Clone().Command("edit "+rawText(c.line, c.rest), s.edit.path...) {
		return s.mistakeError(p, c)
	}
	return &Error{Message: "syntax error", Column: c.rest[0].col}
}

// exitLevel goes back to where "edit" was typed; at the top it leaves the mode.
func exitLevel(s *session, _ call) (result, error) {
	if n := len(s.edit.back); n > 0 {
		s.edit.path, s.edit.back = s.edit.back[n-1], s.edit.back[:n-1]
		return result{}, nil
	}
	if len(s.edit.path) > 0 {
		s.edit.path = nil
		return result{}, nil
	}
	return s.leaveConfiguration()
}

// goTop goes to the top, or runs one command there.
func goTop(s *session, c call) (result, error) {
	if len(c.rest) == 0 {
		s.edit.path, s.edit.back = nil, nil
		return result{}, nil
	}
	return s.runElsewhere(nil, c)
}

// runElsewhere runs a command at another level. Only "edit" stays there.
func (s *session) runElsewhere(path []string, c call) (result, error) {
	before := *s.edit
	s.edit.path = path
	found, inner, err := findCommand(configCommands(), c.line, c.rest)
	var r result
	if err == nil {
		r, err = found.runWith(s, inner)
	}
	if s.edit != nil && (found == nil || found.word != "edit" || err != nil) {
		s.edit.path, s.edit.back = before.path, before.back
	}
	return r, err
}

// goUp leaves one level: the shortest way back that is a level again.
func goUp(s *session, c call) (result, error) {
	path := s.edit.path
	config, err := s.dev.Configuration(Candidate)
	if err != nil {
		return result{}, err
	}
	for len(path) > 0 {
		path = path[:len(path)-1]
		if _, level := config.Tree.Resolve(path); level {
			break
		}
	}
	if len(c.rest) > 0 {
		return s.runElsewhere(path, c)
	}
	s.edit.path, s.edit.back = path, nil
	return result{}, nil
}
