#include "ui/report/text_piece.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QGlyphRun>
#include <QHash>
#include <QPainter>
#include <QPainterPath>
#include <QRawFont>
#include <QRegularExpression>
#include <QTextLayout>
#include <algorithm>
#include <functional>

namespace signet::ui {
namespace {

constexpr double kLineSpacing = 1.03;  ///< of the font's own height

QString replacement(char32_t c) {
    return QStringLiteral("[U+%1]").arg(static_cast<std::uint32_t>(c), 4, 16, QLatin1Char('0')).toUpper();
}

/// Whether c comes to the page. Asked of the glyphs themselves: a font of coloured pictures claims letters of
/// which a PDF shows nothing.
bool isDrawn(char32_t c, const QFont& font) {
    constexpr char32_t kBasicPlaneEnd = 0x10000;
    if (c < 0x250) return true;
    if (c == 0x200C || c == 0x200D || c == 0x2066 || c == 0x2069)
        return true;  // joiners and isolates draw nothing
    if (c >= kBasicPlaneEnd) return false;
    if (QChar::isSpace(c)) return true;
    QTextLayout layout(QString::fromUcs4(&c, 1), font);
    layout.beginLayout();
    layout.createLine();
    layout.endLayout();
    bool any = false;
    for (const QGlyphRun& run : layout.glyphRuns()) {
        for (const quint32 glyph : run.glyphIndexes()) {
            if (glyph == 0 || run.rawFont().pathForGlyph(glyph).isEmpty()) return false;
            any = true;
        }
    }
    return any;
}

constexpr QChar kBreak(0x200B);    ///< zero width space; Qt draws nothing for it and writes nothing
constexpr QChar kNoBreak(0x2060);  ///< word joiner

constexpr qsizetype kLongWord = 20;    ///< characters; shorter ones are never broken at marks
constexpr qsizetype kLongDigits = 24;  ///< of a run that is broken into groups
constexpr qsizetype kGroup = 8;

bool isHexDigit(QChar c) {
    return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}

/// Where a word may be broken, and where not, as characters that draw nothing. fits tells what has room on a
/// line: neither a word nor a hash in it is broken where it has.
QString withBreaks(const QString& word, const std::function<bool(const QString&)>& fits) {
    const bool isLong = word.size() > kLongWord && !fits(word);
    QString out;
    for (qsizetype i = 0; i < word.size();) {
        qsizetype digits = 0;
        while (isLong && i + digits < word.size() && isHexDigit(word[i + digits])) ++digits;
        if (digits > kLongDigits) {
            const qsizetype group = fits(word.mid(i, digits)) ? digits : kGroup;
            for (qsizetype k = 0; k < digits; k += group)
                out += (k > 0 ? QString(kBreak) : QString()) + word.mid(i + k, std::min(group, digits - k));
            i += digits;
            continue;
        }
        const QChar c = word[i];
        const bool inside = i > 0 && i + 1 < word.size();
        const bool mark = c == u'-' || c == u'_' || c == u'.';
        if (isLong && inside && mark && word[i - 1] != c) out += kBreak;
        out += c;
        if (c == u'-' && inside) out += kNoBreak;
        if (isLong && inside && (c == u'/' || c == u'\\')) out += kBreak;
        ++i;
    }
    return out;
}

/// The same for all words of a text that is to be set in lines of a width.
QString withWordBreaks(const QString& text, const QFont& font, double width) {
    constexpr double kBold = 1.2;  // some of it may be set in bold
    const auto fits = [&](const QString& part) {
        return kBold * QFontMetricsF(font).horizontalAdvance(part) <= width;
    };
    QString out;
    for (qsizetype i = 0; i < text.size();) {
        qsizetype end = i;
        while (end < text.size() && !text[end].isSpace()) ++end;
        out += withBreaks(text.mid(i, end - i), fits);
        while (end < text.size() && text[end].isSpace()) out += text[end++];
        i = end;
    }
    return out;
}

/// A font of fixed pitch lacks the characters that draw nothing, and a PDF would carry another font for them:
/// they come from the font of the running text.
QList<QTextLayout::FormatRange> formatsOfBreaks(const QString& text) {
    QList<QTextLayout::FormatRange> ranges;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != kBreak && text[i] != kNoBreak) continue;
        QTextLayout::FormatRange range;
        range.start = static_cast<int>(i);
        range.length = 1;
        range.format.setFontFamilies({QStringLiteral("DejaVu Sans")});
        ranges.append(range);
    }
    return ranges;
}

}  // namespace

QFont reportFont(const TextStyle& style) {
    QFont font(style.mono ? QStringLiteral("DejaVu Sans Mono") : QStringLiteral("DejaVu Sans"));
    font.setStyleHint(style.mono ? QFont::Monospace : QFont::SansSerif);
    font.setPixelSize(static_cast<int>(std::lround(pt(style.size))));
    font.setBold(style.bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    // Any spacing keeps ligatures away: a hash or a word must be found again by those who search or copy it.
    font.setLetterSpacing(QFont::AbsoluteSpacing, 1.0 / 64);
    return font;
}

QString printable(const std::string& text, const TextStyle& style) {
    QString all = QString::fromStdString(text);
    if (std::all_of(all.begin(), all.end(), [](QChar c) { return c.unicode() < 0x250; })) return all;
    // one table a thread and kind of font: looking a glyph up walks through all fonts
    thread_local QHash<char32_t, bool> known[4];
    QHash<char32_t, bool>& drawn = known[2 * style.bold + style.mono];
    const QFont font = reportFont(style);
    QString out;
    for (const char32_t c : all.toUcs4()) {
        const auto found = drawn.constFind(c);
        const bool has = found != drawn.constEnd() ? *found : *drawn.insert(c, isDrawn(c, font));
        out += has ? QString::fromUcs4(&c, 1) : replacement(c);
    }
    return out;
}

double longestWord(const QString& text, const TextStyle& style) {
    const QFontMetricsF metrics(reportFont(style));
    double longest = 0;
    static const QRegularExpression kBlank(QStringLiteral("\\s+"));
    for (const QString& word : text.split(kBlank, Qt::SkipEmptyParts))
        longest = std::max(longest, metrics.horizontalAdvance(word));
    return longest;
}

TextPiece::TextPiece(const QString& text, const TextStyle& style, double width, qsizetype boldCharacters)
    : m_colour(style.colour) {
    const QFont font = reportFont(style);
    const QString lead = withWordBreaks(text.left(boldCharacters), font, width);
    QString shown = lead + withWordBreaks(text.mid(boldCharacters), font, width);
    shown.replace(QLatin1Char('\n'), QChar::LineSeparator);
    m_layout = std::make_unique<QTextLayout>(shown, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setAlignment(style.alignment);
    option.setTextDirection(Qt::LayoutDirectionAuto);
    option.setUseDesignMetrics(true);
    option.setTabStopDistance(pt(24));
    m_layout->setTextOption(option);
    m_layout->setCacheEnabled(true);
    QList<QTextLayout::FormatRange> formats;
    if (!lead.isEmpty()) {
        QTextLayout::FormatRange range;
        range.start = 0;
        range.length = static_cast<int>(lead.size());
        range.format.setFontWeight(QFont::Bold);
        formats.append(range);
    }
    if (style.mono) formats += formatsOfBreaks(shown);
    m_layout->setFormats(formats);
    m_layout->beginLayout();
    double y = 0;
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height() * kLineSpacing;
    }
    m_layout->endLayout();
}

TextPiece::~TextPiece() = default;
TextPiece::TextPiece(TextPiece&&) noexcept = default;

int TextPiece::lines() const {
    return m_layout->lineCount();
}

double TextPiece::height(int first, int last) const {
    if (last <= first) return 0;
    const QTextLine end = m_layout->lineAt(last - 1);
    return end.y() + end.height() * kLineSpacing - m_layout->lineAt(first).y();
}

int TextPiece::linesIn(double available, int first) const {
    int count = 0;
    while (first + count < lines() && height(first, first + count + 1) <= available) ++count;
    return count;
}

int TextPiece::linesBeforeBreak(double available, int first) const {
    const int fitting = linesIn(available, first);
    const int left = lines() - first - fitting;
    if (left <= 0) return fitting;
    const int kept = left == 1 ? fitting - 1 : fitting;  // the last line has company
    return first == 0 && kept < 2 ? 0 : kept;
}

double TextPiece::leadHeight() const {
    return height(0, lines() <= 3 ? lines() : 2);
}

void TextPiece::draw(QPainter& painter, QPointF topLeft, int first, int last) const {
    if (last <= first) return;
    painter.setPen(m_colour);
    const double top = m_layout->lineAt(first).y();
    for (int i = first; i < last; ++i) m_layout->lineAt(i).draw(&painter, topLeft - QPointF(0, top));
}

}  // namespace signet::ui
