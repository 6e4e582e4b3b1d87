#include "ui/plot/axis_tickers.h"

#include <qcustomplot.h>

#include <cmath>

namespace signet::ui {
namespace {

constexpr int kTicks = 6;

/// With a true minus sign, also in an exponent.
QString withMinus(QString label) {
    return label.replace(QLatin1Char('-'), QChar(0x2212));
}

class ValueTicker final : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override {
        return withMinus(QCPAxisTicker::getTickLabel(tick, locale, format, precision));
    }
};

class CountTicker final : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return countLabel(tick); }
};

/// QCPAxisTickerLog labels powers of ten only, and so leaves an axis of less than a decade without a number.
class LogTicker final : public QCPAxisTickerLog {
public:
    explicit LogTicker(AxisKind kind) : m_kind(kind) {}

protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override {
        m_subTicks = 0;
        const double decades = range.lower > 0 ? std::log10(range.upper / range.lower) : 0;
        // NOLINTNEXTLINE(bugprone-parent-virtual-call): even steps, as of an axis that is not logarithmic
        if (decades < 1) return QCPAxisTicker::createTickVector(QCPAxisTicker::getTickStep(range), range);
        if (decades >= 3) {
            m_subTicks = 8;
            return QCPAxisTickerLog::createTickVector(tickStep, range);
        }
        QVector<double> ticks;
        for (double power = std::pow(10, std::floor(std::log10(range.lower))); power <= range.upper;
             power *= 10)
            for (const double mantissa : {1, 2, 5}) ticks << mantissa * power;
        return ticks;
    }
    int getSubTickCount(double) override { return m_subTicks; }
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override {
        return m_kind == AxisKind::Count
                   ? countLabel(tick)
                   : withMinus(QCPAxisTickerLog::getTickLabel(tick, locale, format, precision));
    }

private:
    AxisKind m_kind;
    int m_subTicks = 0;
};

}  // namespace

QString countLabel(double count) {
    const double size = std::abs(count);
    if (size >= 1e6) return QStringLiteral("%1M").arg(count / 1e6, 0, 'g', 12);
    if (size >= 1e4) return QStringLiteral("%1k").arg(count / 1e3, 0, 'g', 12);
    return QString::number(count, 'g', 12);
}

QString timeLabel(double seconds) {
    const auto whole = static_cast<qint64>(seconds);
    return QStringLiteral("%1:%2:%3")
        .arg(whole / 3600)
        .arg(whole / 60 % 60, 2, 10, QLatin1Char('0'))
        .arg(whole % 60, 2, 10, QLatin1Char('0'));
}

void setAxisScale(QCPAxis* axis, AxisKind kind, bool logarithmic) {
    axis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    QSharedPointer<QCPAxisTicker> ticker;
    if (logarithmic) {
        ticker.reset(new LogTicker(kind));
    } else if (kind == AxisKind::Time) {
        auto* time = new QCPAxisTickerTime;
        time->setTimeFormat(QStringLiteral("%h:%m:%s"));
        time->setFieldWidth(QCPAxisTickerTime::tuHours, 1);
        ticker.reset(time);
    } else if (kind == AxisKind::Count) {
        ticker.reset(new CountTicker);
    } else {
        ticker.reset(new ValueTicker);
    }
    ticker->setTickCount(kTicks);
    axis->setTicker(ticker);
}

}  // namespace signet::ui
