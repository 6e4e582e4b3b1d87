#!/usr/bin/env bash
# Greps the includes of a source tree and fails on one that crosses a layer: tests/core/layering.sh ROOT
#   core <- ui <- app; core without Qt; ui and app without Torch; inside core only folders above in
#   core/CMakeLists.txt, inside ui only folders below by the first line of ui/CMakeLists.txt; OpenCV in .cpp files only; qcustomplot.h in ui/plot/*.cpp only; QFileDialog in
#   ui/intake/file_dialogs.cpp only.
set -euo pipefail
cd "${1:?usage: layering.sh ROOT}"

leaks=0
leak() {
    printf '%s\n' "$1:$2: $3"
    leaks=$((leaks + 1))
}

mapfile -t order < <(sed -n 's/^add_subdirectory(\([a-z_]*\)).*/\1/p' core/CMakeLists.txt)
declare -A rank=()
for i in "${!order[@]}"; do rank[${order[$i]}]=$i; done
[ ${#order[@]} -gt 0 ] || { echo "core/CMakeLists.txt lists no folders" && exit 1; }

# the folders of ui, those between two bars at one height
declare -A height=()
level=0 abreast=false
for folder in $(sed -n '1s/^# Bottom to top.*: //p' ui/CMakeLists.txt); do
    if [ "$folder" = "|" ]; then
        $abreast && abreast=false || abreast=true
        level=$((level + 1))
    else
        height[$folder]=$level
        $abreast || level=$((level + 1))
    fi
done
[ ${#height[@]} -gt 0 ] || { echo "ui/CMakeLists.txt lists no folders" && exit 1; }

mapfile -t sources < <(find core ui app -name '*.h' -o -name '*.cpp' -o -name '*.cu' | sort)
[ ${#sources[@]} -gt 0 ] || { echo "no sources under $PWD" && exit 1; }

while IFS=: read -r file line include; do
    include=${include#*[<\"]}
    include=${include%%[>\"]*}
    case $file in
        core/*)
            case $include in
                Q[A-Za-z]*) leak "$file" "$line" "core includes Qt ($include)" ;;
                ui/* | app/*) leak "$file" "$line" "core includes a layer above it ($include)" ;;
                core/*)
                    own=${file#core/} other=${include#core/}
                    own=${own%%/*} other=${other%%/*}
                    if [ -z "${rank[$own]:-}" ] || [ -z "${rank[$other]:-}" ]; then
                        leak "$file" "$line" "core/CMakeLists.txt does not list $own or $other"
                    elif [ "${rank[$other]}" -gt "${rank[$own]}" ]; then
                        leak "$file" "$line" "core/$own includes core/$other, which is above it"
                    fi
                    ;;
            esac
            ;;
        *)
            case $include in
                torch/* | ATen/* | c10/* | caffe2/*) leak "$file" "$line" "Torch outside core ($include)" ;;
            esac
            ;;
    esac
    case $file:$include in
        ui/*:ui/*)
            own=${file#ui/} other=${include#ui/}
            own=${own%%/*} other=${other%%/*}
            if [ -z "${height[$own]:-}" ] || [ -z "${height[$other]:-}" ]; then
                leak "$file" "$line" "ui/CMakeLists.txt does not list $own or $other"
            elif [ "$own" != "$other" ] && [ "${height[$other]}" -ge "${height[$own]}" ]; then
                leak "$file" "$line" "ui/$own includes ui/$other, which is not below it"
            fi
            ;;
        ui/*:app/*) leak "$file" "$line" "ui includes app ($include)" ;;
        *.h:opencv2/*) leak "$file" "$line" "OpenCV in a header ($include)" ;;
        ui/plot/*.cpp:qcustomplot.h) ;;
        *:qcustomplot.h) leak "$file" "$line" "qcustomplot.h outside ui/plot/*.cpp" ;;
        ui/intake/file_dialogs.cpp:QFileDialog) ;;
        *:QFileDialog) leak "$file" "$line" "a file dialog of its own: FileDialogs has them" ;;
    esac
done < <(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' "${sources[@]}" /dev/null)

echo "${#sources[@]} files, $leaks leaks"
[ "$leaks" -eq 0 ]
