#!/usr/bin/env bash
# layering.sh must pass a clean tree and fail on each leak planted in one: tests/core/layering_selftest.sh
set -euo pipefail
layering=$(cd "$(dirname "$0")" && pwd)/layering.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

fresh() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/core/{base,image,stray} "$tree"/ui/{plot,sign,roc,shell,stray} "$tree"/app
    printf 'add_subdirectory(base)\nadd_subdirectory(image)\n' >"$tree/core/CMakeLists.txt"
    printf '#include <string>\n' >"$tree/core/base/text.h"
    printf '#include "core/base/text.h"\n#include <torch/torch.h>\n#include <opencv2/core.hpp>\n' >"$tree/core/image/a.cpp"
    printf '# Bottom to top (with a remark): plot | sign roc | shell\n' >"$tree/ui/CMakeLists.txt"
    printf '#include <QWidget>\n#include "core/image/a.h"\n#include "ui/roc/page.h"\n' >"$tree/ui/shell/window.cpp"
    printf '#include "ui/plot/plot.h"\n#include "ui/roc/page.h"\n' >"$tree/ui/roc/page.cpp"
    printf '#include <qcustomplot.h>\n' >"$tree/ui/plot/plot.cpp"
    printf '#include "ui/shell/window.h"\n' >"$tree/app/main.cpp"
}

expect() {  # pass|fail WHAT
    local outcome=pass
    "$layering" "$tree" >"$tree.out" 2>&1 || outcome=fail
    [ "$outcome" = "$1" ] || { echo "expected $1, got $outcome: $2" && cat "$tree.out" && failed=1; }
    rm -f "$tree.out"
}

plant() {  # FILE INCLUDE
    fresh
    printf '#include %s\n' "$2" >>"$tree/$1"
    expect fail "$2 in $1"
}

fresh
expect pass "a clean tree"
plant core/image/a.cpp '<QImage>'
plant core/image/a.cpp '"ui/shell/window.h"'
plant core/image/a.cpp '"app/cli/common.h"'
plant core/base/text.h '"core/image/a.h"'
plant core/base/text.h '"core/stray/b.h"'
plant core/stray/b.cpp '"core/base/text.h"'
plant core/image/a.h '<opencv2/core.hpp>'
plant ui/plot/plot.cpp '"ui/roc/page.h"'
plant ui/roc/page.cpp '"ui/sign/page.h"'
plant ui/sign/page.cpp '"ui/roc/page.h"'
plant ui/sign/page.cpp '"ui/shell/window.h"'
plant ui/shell/window.cpp '"ui/stray/a.h"'
plant ui/stray/a.cpp '"ui/plot/plot.h"'
plant ui/shell/window.cpp '<torch/torch.h>'
plant ui/shell/window.cpp '<ATen/core/Tensor.h>'
plant ui/shell/window.cpp '"app/cli/common.h"'
plant ui/shell/window.cpp '<qcustomplot.h>'
plant ui/plot/plot.h '<qcustomplot.h>'
plant app/main.cpp '  <c10/util/Exception.h>'
plant ui/shell/window.cpp '<QFileDialog>'
[ "$failed" -eq 0 ] && echo "20 planted leaks found, the clean tree passes"
