#include "core/metrics/curve_csv.h"

#include <fmt/format.h>

#include <iterator>

#include "core/base/csv.h"
#include "core/base/error.h"
#include "core/metrics/ema.h"

namespace signet::metrics {
namespace {

constexpr std::size_t kPartBytes = 1 << 20;

}  // namespace

void writeCurvesCsv(const std::filesystem::path& path, std::span<const CurveSnapshot> curves,
                    IfExists ifExists, const std::stop_token& stop) {
    const auto produce = [&](const WritePart& write) {
        std::string part = "curve,step,images,seconds,value,smoothed\n";
        const auto flush = [&] {
            if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "the export was cancelled");
            write(std::span(reinterpret_cast<const std::uint8_t*>(part.data()), part.size()));
            part.clear();
        };
        for (const CurveSnapshot& curve : curves) {
            const std::string name = csvField(curve.name);
            Ema ema(curve.smoothing);
            for (std::size_t i = 0; i < curve.points->size(); ++i) {
                const CurvePoint point = curve.points->point(i);
                fmt::format_to(std::back_inserter(part), "{},{},{},{},{},{}\n", name, point.step,
                               point.images, point.seconds, point.value, ema.next(point.value));
                if (part.size() >= kPartBytes) flush();
            }
        }
        flush();
    };
    streamFileAtomically(path, produce, ifExists);
}

}  // namespace signet::metrics
