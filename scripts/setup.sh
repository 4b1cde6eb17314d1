#!/bin/bash
# `setup.sh build` installs what building needs, `setup.sh test` what the tests need too. What is there is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

NEXTEST=0.9.143
DENY=0.20.2

fail() { echo "setup: $*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

packages=()
# What lets a check judge, or makes the tests quicker. Where it cannot be installed, that is said and all goes on.
optional=()

want_for_build() {
  has cargo || fail "Rust is missing: install Rust 1.95 with rustup, then run make again."
  has node && has npm || fail "Node.js is missing: install Node.js 20 or newer with npm, then run make again."
  # What admin-ui/package.json says under "engines"; npm itself would refuse with less of a sentence.
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)' ||
    fail "Node.js $(node --version) does not fit: install 20.19 or newer of 20, or 22.12 or newer, then run make again."
  # SQLite and the TLS library are C code.
  if ! { echo '#include <stdio.h>'; echo 'int main(void) { return 0; }'; } | cc -x c - -o /dev/null 2>/dev/null; then
    packages+=(gcc libc6-dev)
  fi
}

want_for_test() {
  scripts/postgres-bin.sh >/dev/null || packages+=(postgresql)
  has chromium || packages+=(chromium)
  # Chromium without its windows, which is quicker.
  has chromium-headless-shell || optional+=(chromium-headless-shell)
  # For the mail server that the tests send to. Debian's Python comes without what makes a folder of packages.
  python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3 python3-venv)
  # The mailbox that the tests read from. Where a user's PATH ends before /usr/sbin, it is there nevertheless.
  has dovecot || [ -x /usr/sbin/dovecot ] || packages+=(dovecot-imapd)
  # Without a Japanese font the browser draws boxes.
  compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || packages+=(fonts-noto-cjk)
  # Judges how closed deploy/systemd/sengen.service is.
  has systemd-analyze || optional+=(systemd)
}

# As root, or with these words before it.
apt_install() {
  local as=$1
  shift
  # shellcheck disable=SC2086
  $as env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq && apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@" >/dev/null' sh "$@"
}

install_optional() {
  local package as=
  for package in "${optional[@]}"; do
    if has apt-get && { [ "$(id -u)" = 0 ] || { has sudo && sudo -n true 2>/dev/null && as=sudo; }; }; then
      echo "setup: installing $package"
      apt_install "$as" "$package" && continue
    fi
    case $package in
      systemd) echo "setup: going on without systemd: how closed the unit is will not be judged" >&2 ;;
      *) echo "setup: going on without $package: tests take longer" >&2 ;;
    esac
  done
}

install_packages() {
  [ ${#packages[@]} -gt 0 ] || return 0
  local list="${packages[*]}" as=
  has apt-get || fail "please install these (Debian's names), then run make again: $list"
  if [ "$(id -u)" != 0 ]; then
    has sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; } ||
      fail "please run this as root, then run make again: apt-get install $list"
    as=sudo
  fi
  echo "setup: installing $list"
  # Debian's package would make and start a system cluster, which nobody asked for.
  local no_cluster=/etc/postgresql-common/createcluster.d/sengen-setup.conf
  case " $list " in *" postgresql "*)
    $as mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' | $as tee "$no_cluster" >/dev/null ;;
  esac
  # Nor did anybody ask for a mail server that listens to the network: its unit stays masked until somebody does. Who had Dovecot before
  # does not come here.
  local unit=/etc/systemd/system/dovecot.service
  case " $list " in *" dovecot-imapd "*)
    if [ ! -e "$unit" ]; then
      echo "setup: dovecot.service is masked; systemctl unmask dovecot brings it back"
      $as mkdir -p "${unit%/*}"
      $as ln -s /dev/null "$unit"
    fi ;;
  esac
  local ok=yes
  apt_install "$as" "${packages[@]}" || ok=no
  $as rm -f "$no_cluster"
  [ $ok = yes ] || fail "apt-get could not install: $list (its own words are above)"
}

# Without optimisation: these tools are waited for more often while they build than while they run.
cargo_tool() {
  local name=$1 version=$2
  shift 2
  cargo "${name#cargo-}" --version >/dev/null 2>&1 && return 0
  echo "setup: building $name $version (once, a few minutes)"
  cargo install --quiet --locked --debug --version "$version" "$@" "$name" || fail "cargo could not install $name $version"
}

# In a folder of the project's own, anew when the list changes.
python_packages() {
  local list=scripts/test-requirements.txt folder=.cache/python
  ! cmp -s "$list" "$folder/installed.txt" || return 0
  echo "setup: installing what the tests need of Python"
  rm -rf "$folder"
  { python3 -m venv "$folder" && "$folder/bin/pip" --disable-pip-version-check install --quiet --require-hashes -r "$list"; } ||
    fail "pip could not install what $list names (its own words are above)"
  cp "$list" "$folder/installed.txt"
}

case ${1:-} in
  build) want_for_build; install_packages ;;
  test)
    want_for_build; want_for_test; install_packages; install_optional
    python_packages
    cargo_tool cargo-nextest $NEXTEST
    cargo_tool cargo-deny $DENY --no-default-features ;;
  *) fail "usage: scripts/setup.sh build|test" ;;
esac
