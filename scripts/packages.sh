# Sourced by scripts/demo and scripts/test: installs Debian packages that are missing, and says so.

# need_packages WHY:PACKAGE ...
# WHY is what is looked for: a program on PATH, or a path when it begins with /.
need_packages() {
    local missing=() entry what package
    for entry in "$@"; do
        what=${entry%%:*} package=${entry#*:}
        case $what in
        /*) [ -e "$what" ] || missing+=("$package") ;;
        *) command -v "$what" >/dev/null 2>&1 || missing+=("$package") ;;
        esac
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "missing: ${missing[*]}; this is no Debian, so please install them yourself" >&2
        return 1
    fi
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "missing: ${missing[*]}; run as root: apt-get install ${missing[*]}" >&2
            return 1
        fi
        sudo=(sudo)
    fi
    echo "installing with apt-get: ${missing[*]}"
    "${sudo[@]}" apt-get update -qq &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# What building and running takes beside Rust: a C compiler (SQLite, TLS), ffmpeg, fonts.
need_base_packages() {
    need_packages \
        cc:build-essential \
        ffmpeg:ffmpeg \
        /usr/share/fonts/truetype/noto/NotoSans-Bold.ttf:fonts-noto-core \
        /usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf:fonts-liberation "$@" || return 1
    # rustup's default place, for shells that have not read its environment file yet.
    if ! command -v cargo >/dev/null 2>&1 && [ -x "$HOME/.cargo/bin/cargo" ]; then
        PATH="$HOME/.cargo/bin:$PATH"
    fi
    if ! command -v cargo >/dev/null 2>&1; then
        echo "Rust is missing: see https://rustup.rs" >&2
        return 1
    fi
}
