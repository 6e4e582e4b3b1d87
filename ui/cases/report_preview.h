#pragma once

#include <QAbstractScrollArea>
#include <QCache>
#include <QImage>
#include <QTimer>

#include "ui/bridge/case_report_data.h"

namespace signet::ui {

/// The pages of a report one below the other, as they will stand in the PDF. Asks for the pages that come
/// into view, a few at a time, and keeps the last ones. Ctrl+wheel, +, − and 0 change the size. GUI thread.
class ReportPreviewView : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit ReportPreviewView(QWidget* parent = nullptr);

    void setPreview(const ReportPreviewPtr& preview);
    /// Takes the pages away and says why there are none.
    void clear(const QString& message);
    void takePages(const ReportPagesRead& read);
    /// The pages are of a report that is no longer wanted like this: they are shown dimmed with a note.
    void setStale(bool stale);

    int pages() const { return m_preview ? m_preview->pages : 0; }
    bool hasPage(int page) const { return m_images.contains(page); }
    int pageAtTop() const;
    void setZoom(double zoom);
    double zoom() const { return m_zoom; }

Q_SIGNALS:
    void pagesWanted(const signet::ui::ReportPreviewPtr& preview, int first, int count, double dotsPerInch);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QSize pageSize() const;
    double dotsPerInch() const;
    QRect pageRect(int page) const;
    void layOut();
    void askFor(int page);

    ReportPreviewPtr m_preview;
    QString m_message;
    mutable QCache<int, QImage> m_images;
    double m_zoom = 1;
    double m_imagesDpi = 0;
    int m_asked = -1;  ///< the first page of the chunk that is being made; -1: none
    bool m_stale = false;
    QTimer m_sharpen;  ///< new pages for a new size, once it stays
};

}  // namespace signet::ui
