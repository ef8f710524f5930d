// SPDX-License-Identifier: GPL-3.0-or-later

package front

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"time"

	"github.com/pkg/sftp"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// serveSFTP serves files to people who have a shell, in the folders where scp does.
func (s *seat) serveSFTP() uint32 {
	login := s.m.Login(s.user, "sftp", "", hangupOf(s.conn))
	defer login.End()
	disk := disk{login}
	server := sftp.NewRequestServer(s.channel, sftp.Handlers{FileGet: disk, FilePut: disk, FileCmd: disk, FileList: disk}, sftp.WithStartDirectory(login.Home()))
	if err := server.Serve(); err != nil && !errors.Is(err, io.EOF) {
		return 1
	}
	return 0
}

// disk is the files of a switch as one session may see and change them.
type disk struct{ s *engine.Session }

// Fileread opens a file.
func (d disk) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	data, refused := d.s.Open(r.Filepath)
	if refused != "" {
		return nil, os.ErrNotExist
	}
	return bytes.NewReader(data), nil
}

// Filewrite opens a file that is kept when it is closed.
func (d disk) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	if !d.s.MayWrite(r.Filepath) {
		return nil, os.ErrPermission
	}
	return &upload{s: d.s, at: r.Filepath}, nil
}

// Filecmd does what else clients ask for: they delete files, and set times and modes, which
// no file has here. The folders are those that there are.
func (d disk) Filecmd(r *sftp.Request) error {
	switch r.Method {
	case "Setstat":
		return nil
	case "Remove":
		if d.s.DeleteFile(r.Filepath) == "" {
			return nil
		}
		return os.ErrPermission
	}
	return sftp.ErrSSHFxOpUnsupported
}

// Filelist lists a folder, or describes one file.
func (d disk) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	if r.Method == "List" {
		return d.listFolder(r.Filepath)
	}
	if engine.IsFolder(r.Filepath) || r.Filepath == d.s.Home() {
		return listing{{path.Base(r.Filepath), 0, true}}, nil
	}
	data, refused := d.s.Open(r.Filepath)
	if refused != "" {
		return nil, os.ErrNotExist
	}
	return listing{{path.Base(r.Filepath), int64(len(data)), false}}, nil
}

func (d disk) listFolder(name string) (sftp.ListerAt, error) {
	_, _, files, _ := d.s.List(name)
	if len(files) == 0 && !engine.IsFolder(name) && name != d.s.Home() {
		return nil, os.ErrNotExist
	}
	all := listing{}
	for _, f := range files {
		all = append(all, entry{f.Name, int64(f.Size), false})
	}
	return all, nil
}

// upload is a file that arrives, several parts at once.
type upload struct {
	s  *engine.Session
	at string

	mu   sync.Mutex
	data []byte
}

var errTooLarge = errors.New("no room for a file of that size")

// WriteAt takes a part of the file.
func (u *upload) WriteAt(p []byte, at int64) (int, error) {
	end := at + int64(len(p))
	if at < 0 || end > engine.MaxFile {
		return 0, errTooLarge
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if grow := end - int64(len(u.data)); grow > 0 {
		u.data = append(u.data, make([]byte, grow)...)
	}
	return copy(u.data[at:], p), nil
}

// Close keeps the file.
func (u *upload) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.s.StoreFile(u.at, u.data)
}

// listing is what is in a folder.
type listing []entry

// ListAt copies entries from one on.
func (l listing) ListAt(out []fs.FileInfo, from int64) (n int, err error) {
	for from+int64(n) < int64(len(l)) && n < len(out) {
		out[n] = l[from+int64(n)]
		n++
	}
	if n < len(out) {
		return n, io.EOF
	}
	return n, nil
}

// entry is a file or a folder.
type entry struct {
	name     string
	size     int64
	isFolder bool
}

func (e entry) Name() string       { return e.name }
func (e entry) Size() int64        { return e.size }
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) IsDir() bool        { return e.isFolder }
func (e entry) Sys() any           { return nil }

// Mode is that of files and folders for everybody.
func (e entry) Mode() fs.FileMode {
	if e.isFolder {
		return fs.ModeDir | 0o755
	}
	return 0o644
}
