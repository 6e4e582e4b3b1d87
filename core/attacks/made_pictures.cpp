#include "core/attacks/made_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <string>

#include "core/attacks/perturbation.h"
#include "core/base/error.h"
#include "core/base/random.h"

namespace signet::attacks {
namespace {

using Draw = cv::Mat (*)(StepRandom&, cv::Size);

cv::Scalar drawnColour(StepRandom& random, double low = 0, double high = 255) {
    return {random.uniform(low, high), random.uniform(low, high), random.uniform(low, high)};
}

/// Levels of R, G and B that valueAt(x, y), 0..1, mixes of two colours, CV_32FC3.
template <typename ValueAt>
cv::Mat mixed(cv::Size size, const cv::Scalar& first, const cv::Scalar& second, const ValueAt& valueAt) {
    cv::Mat out(size, CV_32FC3);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const double share = valueAt(x, y);
            for (int c = 0; c < 3; ++c)
                out.at<cv::Vec3f>(y, x)[c] = static_cast<float>(first[c] + share * (second[c] - first[c]));
        }
    return out;
}

void addGrain(cv::Mat& levels, double deviation, StepRandom& random) {
    for (int y = 0; y < levels.rows; ++y)
        for (int x = 0; x < levels.cols; ++x)
            for (int c = 0; c < 3; ++c)
                levels.at<cv::Vec3f>(y, x)[c] += static_cast<float>(deviation * random.normal());
}

cv::Mat flatPicture(StepRandom& random, cv::Size size) {
    const auto first = drawnColour(random);
    const auto second = random.chance(0.5) ? first : drawnColour(random);
    const double angle = random.uniform(0, 2 * std::numbers::pi);
    cv::Mat levels = mixed(size, first, second, [&](int x, int y) {
        return 0.5 + 0.5 *
                         (std::cos(angle) * (2.0 * x / size.width - 1) +
                          std::sin(angle) * (2.0 * y / size.height - 1)) /
                         std::numbers::sqrt2;
    });
    if (random.chance(0.5)) addGrain(levels, random.uniform(0.3, 2), random);
    return levels;
}

cv::Mat gratingPicture(StepRandom& random, cv::Size size) {
    const auto first = drawnColour(random), second = drawnColour(random);
    const bool crossed = random.chance(0.5), square = random.chance(0.5);
    const double angle = random.uniform(0, std::numbers::pi);
    const double across = std::exp(random.uniform(std::log(2.0), std::log(80.0)));
    const double along =
        random.chance(0.5) ? across : std::exp(random.uniform(std::log(2.0), std::log(80.0)));
    return mixed(size, first, second, [&](int x, int y) {
        const double u = x * std::cos(angle) + y * std::sin(angle);
        const double v = y * std::cos(angle) - x * std::sin(angle);
        double wave = std::sin(2 * std::numbers::pi * u / across);
        if (crossed) wave *= std::sin(2 * std::numbers::pi * v / along);
        return square ? (wave > 0 ? 1.0 : 0.0) : 0.5 + 0.5 * wave;
    });
}

cv::Mat noisePicture(StepRandom& random, cv::Size size) {
    const int grain = 1 << random.index(5);
    cv::Mat coarse((size.height + grain - 1) / grain, (size.width + grain - 1) / grain, CV_32FC3,
                   drawnColour(random, 64, 192));
    const double deviation = random.uniform(8, 70);
    if (random.chance(0.5)) {
        addGrain(coarse, deviation, random);
    } else {
        for (int y = 0; y < coarse.rows; ++y)
            for (int x = 0; x < coarse.cols; ++x) {
                const auto more = static_cast<float>(deviation * random.normal());
                coarse.at<cv::Vec3f>(y, x) += cv::Vec3f(more, more, more);
            }
    }
    cv::Mat levels;
    cv::resize(coarse, levels, size, 0, 0, cv::INTER_LINEAR);
    return levels;
}

std::string drawnWords(StepRandom& random, int letters) {
    std::string words;
    for (int i = 0; i < letters; ++i)
        words += random.chance(0.17) ? ' ' : static_cast<char>('a' + random.index(26));
    return words;
}

cv::Mat drawingPicture(StepRandom& random, cv::Size size) {
    cv::Mat levels(size, CV_32FC3,
                   random.chance(0.6) ? cv::Scalar(255, 255, 255) : drawnColour(random, 200, 255));
    const auto place = [&] {
        return cv::Point(static_cast<int>(random.index(static_cast<std::uint64_t>(size.width))),
                         static_cast<int>(random.index(static_cast<std::uint64_t>(size.height))));
    };
    const int marks = 8 + static_cast<int>(random.index(40));
    for (int i = 0; i < marks; ++i) {
        const auto colour = random.chance(0.5) ? cv::Scalar(0, 0, 0) : drawnColour(random);
        const int width = random.chance(0.3) ? cv::FILLED : 1 + static_cast<int>(random.index(4));
        const cv::Point from = place(), to = place();
        switch (random.index(4)) {
            case 0:
                cv::line(levels, from, to, colour, std::max(1, width));
                break;
            case 1:
                cv::rectangle(levels, from, to, colour, width);
                break;
            case 2:
                cv::circle(levels, from, 4 + static_cast<int>(random.index(60)), colour, width);
                break;
            default:
                cv::putText(levels, drawnWords(random, 12), from, cv::FONT_HERSHEY_SIMPLEX,
                            random.uniform(0.3, 1), colour, 1);
        }
    }
    return levels;
}

cv::Mat scanPicture(StepRandom& random, cv::Size size) {
    const auto paper = drawnColour(random, 205, 250);
    cv::Mat page(size, CV_32FC3, paper);
    const double letter = random.uniform(0.25, 0.5);
    const int pitch = static_cast<int>(std::lround(40 * letter)) + 2;
    const int margin = 6 + static_cast<int>(random.index(20));
    for (int y = margin + pitch; y < size.height - margin; y += pitch)
        if (random.chance(0.9))
            cv::putText(
                page,
                drawnWords(random, static_cast<int>(random.uniform(0.4, 1) * size.width / (18 * letter))),
                {margin, y}, cv::FONT_HERSHEY_SIMPLEX, letter, drawnColour(random, 10, 70), 1, cv::LINE_AA);
    const cv::Mat turn = cv::getRotationMatrix2D(
        cv::Point2f(static_cast<float>(size.width) / 2, static_cast<float>(size.height) / 2),
        random.uniform(-2, 2), 1);
    cv::Mat levels;
    cv::warpAffine(page, levels, turn, size, cv::INTER_LINEAR, cv::BORDER_CONSTANT, paper);
    cv::GaussianBlur(levels, levels, {}, random.uniform(0.4, 1));
    const double fall = random.uniform(0, 0.3), angle = random.uniform(0, 2 * std::numbers::pi);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            levels.at<cv::Vec3f>(y, x) *=
                static_cast<float>(1 - fall * (0.5 + 0.35 * (std::cos(angle) * (2.0 * x / size.width - 1) +
                                                             std::sin(angle) * (2.0 * y / size.height - 1))));
    addGrain(levels, random.uniform(1, 4), random);
    return levels;
}

struct MadeFamily {
    std::string_view name;
    Draw draw;
    bool asJpeg;
};
constexpr std::array kMade{
    MadeFamily{"flats", flatPicture, false}, MadeFamily{"gratings", gratingPicture, false},
    MadeFamily{"noise", noisePicture, false}, MadeFamily{"drawings", drawingPicture, false},
    MadeFamily{"scans", scanPicture, true}};

}  // namespace

std::span<const std::string_view> madeFamilies() {
    static const auto kNames = [] {
        std::array<std::string_view, kMade.size()> names;
        std::transform(kMade.begin(), kMade.end(), names.begin(), [](const MadeFamily& f) { return f.name; });
        return names;
    }();
    return kNames;
}

image::Image madePicture(std::string_view family, std::uint64_t seed, std::uint64_t number) {
    const auto made = std::find_if(kMade.begin(), kMade.end(),
                                   [&](const MadeFamily& candidate) { return candidate.name == family; });
    if (made == kMade.end())
        throw Error(ErrorCode::BadOption, fmt::format("no pictures of the family \"{}\" are made", family));
    StepRandom random(seed, static_cast<std::uint64_t>(made - kMade.begin()), number);
    const double side = random.uniform(192, 448), ratio = random.uniform(1, 1.6);
    cv::Size size(static_cast<int>(side), static_cast<int>(side * ratio));
    if (random.chance(0.5)) std::swap(size.width, size.height);
    const cv::Mat levels = made->draw(random, size);
    image::Image picture = image::makeImage(size.width, size.height, 3);
    cv::Mat target(size, CV_8UC3, picture.data.data());
    levels.convertTo(target, CV_8U);
    if (!made->asJpeg) return picture;
    return apply(picture, parsePerturbation(fmt::format("jpeg:{}", 60 + random.index(36))), number);
}

}  // namespace signet::attacks
