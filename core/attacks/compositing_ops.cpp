#include "core/attacks/compositing_ops.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>

#include "core/attacks/pixels.h"
#include "core/base/random.h"

namespace signet::attacks {
namespace {

/// Colours as the samples are kept: red, green, blue.
struct Theme {
    cv::Scalar ground;
    cv::Scalar ink;
    cv::Scalar accent;
};

const std::array kThemes{Theme{{255, 255, 255}, {24, 24, 28}, {32, 84, 160}},
                         Theme{{238, 240, 242}, {60, 64, 67}, {196, 48, 36}},
                         Theme{{250, 245, 230}, {70, 52, 36}, {28, 120, 84}},
                         Theme{{32, 33, 36}, {218, 220, 224}, {96, 148, 232}}};

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;

/// A view of out's samples; the Mat must not outlive it.
cv::Mat viewOf(image::Image& out) {
    return {out.height, out.width, CV_8UC3, out.data.data()};
}

const Theme& drawnTheme(StepRandom& random) {
    return kThemes[random.index(kThemes.size())];
}

/// Words of random letters, at least so many characters.
std::string drawnText(StepRandom& random, int characters) {
    constexpr std::uint64_t kLongestWord = 9, kLetters = 26;
    std::string text;
    while (static_cast<int>(text.size()) < characters) {
        if (!text.empty()) text += ' ';
        for (std::uint64_t letters = 1 + random.index(kLongestWord); letters > 0; --letters)
            text += static_cast<char>('a' + static_cast<int>(random.index(kLetters)));
    }
    return text;
}

/// A line of text as large as fits into the box, at its left.
void fitText(cv::Mat& canvas, const std::string& text, const cv::Rect& box, const cv::Scalar& colour) {
    int below = 0;
    const cv::Size size = cv::getTextSize(text, kFont, 1, 1, &below);
    constexpr double kMargin = 0.95;  // a thicker pen than the one measured with
    const double fits = kMargin * std::min(static_cast<double>(box.width) / size.width,
                                           static_cast<double>(box.height) / (size.height + below));
    if (fits <= 0) return;
    const int thickness = std::max(1, static_cast<int>(std::lround(2 * fits)));
    const int base = box.y + (box.height + static_cast<int>(fits * (size.height - below))) / 2;
    cv::putText(canvas, text, {box.x, base}, kFont, fits, colour, thickness, cv::LINE_AA);
}

/// A disc with a ring and a wedge cut out of it.
void drawLogo(cv::Mat& canvas, const cv::Point& centre, int radius, const Theme& theme) {
    cv::circle(canvas, centre, radius, theme.accent, cv::FILLED, cv::LINE_AA);
    cv::circle(canvas, centre, radius * 3 / 4, theme.ground, std::max(1, radius / 8), cv::LINE_AA);
    const std::array wedge{cv::Point{centre.x - radius / 3, centre.y - radius / 3},
                           cv::Point{centre.x + radius / 2, centre.y},
                           cv::Point{centre.x - radius / 3, centre.y + radius / 3}};
    cv::fillConvexPoly(canvas, wedge.data(), static_cast<int>(wedge.size()), theme.ground, cv::LINE_AA);
}

/// Lines of text and here and there a panel, from the column's top to its bottom.
void drawColumn(cv::Mat column, int lineHeight, const Theme& theme, StepRandom& random) {
    constexpr double kPanels = 0.06, kParagraphEnds = 0.15, kCapHeightShare = 0.5;
    constexpr int kPanelLines = 4;
    int below = 0;
    const cv::Size letter = cv::getTextSize("n", kFont, 1, 1, &below);
    const double size = kCapHeightShare * lineHeight / letter.height;
    const int fitting = std::max(1, static_cast<int>(column.cols / (size * letter.width)));
    for (int y = lineHeight; y < column.rows; y += lineHeight) {
        if (random.chance(kPanels)) {
            const cv::Rect panel{0, y, column.cols, std::min(kPanelLines * lineHeight, column.rows - y)};
            cv::rectangle(column, panel, theme.accent, random.chance(0.5) ? cv::FILLED : 1);
            y += kPanelLines * lineHeight;
            continue;
        }
        const bool ends = random.chance(kParagraphEnds);
        const std::string text = drawnText(random, ends ? 1 + random.between(0, fitting) : fitting);
        cv::putText(column, text, {0, y}, kFont, size, theme.ink, 1, cv::LINE_AA);
        if (ends) y += lineHeight;
    }
}

image::Image drawnPage(int width, int height, StepRandom& random) {
    constexpr int kLines = 40, kMostColumns = 3;
    const int lineHeight = std::clamp(std::min(width, height) / kLines, 8, 40);
    const Theme& theme = drawnTheme(random);
    image::Image page = image::makeImage(width, height, 3);
    cv::Mat canvas = viewOf(page);
    canvas.setTo(theme.ground);
    const int bar = std::min(height, 2 * lineHeight);
    cv::rectangle(canvas, cv::Rect{0, 0, width, bar}, theme.accent, cv::FILLED);
    for (int button = 1; button <= 3; ++button)
        cv::circle(canvas, {button * lineHeight, bar / 2}, lineHeight / 3, theme.ground, cv::FILLED,
                   cv::LINE_AA);
    fitText(canvas, drawnText(random, 12), {5 * lineHeight, lineHeight / 2, width / 2, lineHeight},
            theme.ground);
    const int columns = 1 + random.between(0, kMostColumns - 1);
    const int columnWidth = (width - (columns + 1) * lineHeight) / columns;
    if (columnWidth <= 0) return page;
    for (int i = 0; i < columns; ++i) {
        const cv::Rect place{lineHeight + i * (columnWidth + lineHeight), bar, columnWidth, height - bar};
        drawColumn(canvas(place), lineHeight, theme, random);
    }
    return page;
}

}  // namespace

image::Image overlayPlate(const image::Image& image, double areaShare, std::uint64_t seed) {
    constexpr double kAspect = 3;
    StepRandom random(seed, 0, 0);
    const double area = areaShare * static_cast<double>(image.pixelCount());
    const double width =
        std::clamp(std::sqrt(kAspect * area), area / image.height, static_cast<double>(image.width));
    cv::Rect place;
    place.width = wholePixels(width);
    place.height = std::min(image.height, wholePixels(area / place.width));
    place.x = random.between(0, image.width - place.width);
    place.y = random.between(0, image.height - place.height);
    const Theme& theme = drawnTheme(random);
    image::Image out = image;
    cv::Mat plate = viewOf(out)(place);
    plate.setTo(theme.ground);
    const int unit = std::min(place.height, place.width / 3);
    drawLogo(plate, {unit / 2, place.height / 2}, unit * 2 / 5, theme);
    fitText(plate, drawnText(random, 8), {unit, place.height / 8, place.width - unit, place.height * 3 / 4},
            theme.ink);
    return out;
}

image::Image pasteOnPage(const image::Image& image, double areaShare, std::uint64_t seed) {
    constexpr double kLeastGrowth = 0.25;  // as a power of the whole growth
    StepRandom random(seed, 0, 0);
    const double growth = std::pow(areaShare, -random.uniform(kLeastGrowth, 1 - kLeastGrowth));
    const int width = wholePixels(image.width * growth);
    const double area = static_cast<double>(image.pixelCount()) / areaShare;
    const int height = std::max(image.height, wholePixels(area / width));
    image::Image page = drawnPage(width, height, random);
    const int left = random.between(0, width - image.width);
    const int top = random.between(0, height - image.height);
    for (int y = 0; y < image.height; ++y) {
        const std::uint8_t* row = image.data.data() + offsetOf(image, 0, y);
        std::copy_n(row, 3 * image.width, page.data.data() + offsetOf(page, left, top + y));
    }
    return page;
}

}  // namespace signet::attacks
