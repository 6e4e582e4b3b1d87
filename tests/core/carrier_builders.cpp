#include "tests/core/carrier_builders.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace signet::test {

using namespace signature;

namespace {

constexpr int kPerChip = 4;

std::size_t place(int row, int column, int columns) {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
           static_cast<std::size_t>(column);
}

int wrapped(int i, int size) {
    return (i % size + size) % size;
}

}  // namespace

CarrierTile::CarrierTile(const PatternBand& band, std::span<const float> carrier)
    : m_side(kPerChip * band.size()) {
    static const PatternBand fine(kPerChip * band.size());  // the default band, a finer tile
    m_tile = fine.synthesise(carrier);
}

double CarrierTile::at(double x, double y) const {
    const double fromX = (x - 0.5) * kPerChip, fromY = (y - 0.5) * kPerChip;
    const int lowX = static_cast<int>(std::floor(fromX)), lowY = static_cast<int>(std::floor(fromY));
    double sum = 0;
    for (const int down : {0, 1}) {
        for (const int right : {0, 1}) {
            const double weight =
                (right ? fromX - lowX : 1 - fromX + lowX) * (down ? fromY - lowY : 1 - fromY + lowY);
            sum +=
                weight * m_tile[place(wrapped(lowY + down, m_side), wrapped(lowX + right, m_side), m_side)];
        }
    }
    return sum;
}

FrameMap ViewOf::map(int rows, int columns) const {
    const double halfX = columns / 2.0, halfY = rows / 2.0;
    const double angle = degrees * std::numbers::pi / 180, cosine = std::cos(angle), sine = std::sin(angle);
    const double mirror = isMirrored ? -1 : 1;
    const FrameMap scaled{{1 / pitchX, 0, -halfX / pitchX, 0, 1 / pitchY, -halfY / pitchY,
                           perspectiveX / halfX, perspectiveY / halfY, 1 - perspectiveX - perspectiveY}};
    const FrameMap turned{{mirror * cosine, -mirror * sine, centreX, sine, cosine, centreY, 0, 0, 1}};
    return turned.after(scaled);
}

CarrierEstimate noiseView(int rows, int columns, double lowPass, StepRandom& random) {
    const auto gaussian = [&](int i) {
        return lowPass > 0 ? std::exp(-i * i / (2 * lowPass * lowPass)) : i == 0;
    };
    CarrierEstimate view{rows, columns, std::vector<float>(place(rows, 0, columns))};
    for (float& value : view.values) value = static_cast<float>(random.normal());
    const int reach = static_cast<int>(std::ceil(3 * lowPass));
    for (const bool isAcross : {true, false}) {
        const std::vector<float> before = view.values;
        for (int row = 0; row < rows; ++row) {
            for (int column = 0; column < columns; ++column) {
                double sum = 0;
                for (int i = -reach; i <= reach; ++i)
                    sum += gaussian(i) * before[isAcross ? place(row, wrapped(column + i, columns), columns)
                                                         : place(wrapped(row + i, rows), column, columns)];
                view.values[place(row, column, columns)] = static_cast<float>(sum);
            }
        }
    }
    double squares = 0;
    for (const float value : view.values) squares += double{value} * value;
    const double deviation = std::sqrt(squares / static_cast<double>(view.values.size()));
    for (float& value : view.values) value = static_cast<float>(value / deviation);
    return view;
}

void addCarrier(CarrierEstimate& view, const CarrierTile& tile, const FrameMap& map, double amplitude,
                const ChipWindow& window, double width, double height) {
    for (int row = window.top; row < window.top + window.rows; ++row) {
        for (int column = window.left; column < window.left + window.columns; ++column) {
            const ChipPoint at = map.at(column + 0.5, row + 0.5);
            if (at.x < 0 || at.y < 0 || at.x > width || at.y > height) continue;
            view.values[place(row, column, view.columns)] +=
                static_cast<float>(amplitude * tile.at(at.x, at.y));
        }
    }
}

double mapError(const FrameMap& a, const FrameMap& b, int rows, int columns, int tile) {
    double most = 0;
    for (const double y : {0.25, 0.75}) {
        for (const double x : {0.25, 0.75}) {
            const ChipPoint p = a.at(x * columns, y * rows), q = b.at(x * columns, y * rows);
            const auto apart = [&](double d) { return d - tile * std::round(d / tile); };
            most = std::max(most, std::hypot(apart(p.x - q.x), apart(p.y - q.y)));
        }
    }
    return most;
}

}  // namespace signet::test
