#pragma once

#include <QLabel>

namespace signet::ui {

/// A line of text that gives up its detail, then its middle where there is no room for it; the whole is its
/// tool tip. GUI thread.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    ElidedLabel(const QString& objectName, QWidget* parent = nullptr);

    void setFullText(const QString& text, const QString& detail = {});
    QString fullText() const { return m_text + m_detail; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {24, QLabel::minimumSizeHint().height()}; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elide();

    QString m_text, m_detail;
};

}  // namespace signet::ui
