#pragma once

#include <QWidget>

#include "ui/bridge/sign_service.h"
#include "ui/viewer/image_canvas.h"

class QAction;
class QActionGroup;
class QLabel;

namespace signet::ui {

/// What the Sign page shows of the chosen image: original, signed, or their difference enlarged, alone or
/// beside the original behind a divider. GUI thread.
class SignPreviewPanel : public QWidget {
    Q_OBJECT
public:
    explicit SignPreviewPanel(QWidget* parent = nullptr);

    enum class View { Original, Signed, Residual5, Residual10 };

    void showPreview(const SignPreviewPtr& preview);
    void showMessage(const QString& text);
    void setBusy(bool busy);
    void clear();
    void setView(View view);
    View view() const { return m_view; }

    const QList<QAction*>& viewActions() const { return m_actions; }
    ImageCanvas* canvas() const { return m_canvas; }
    QString psnrText() const;
    QString visibleText() const;

private:
    void makeActions();
    void update();

    ImageCanvas* m_canvas;
    QLabel* m_message;
    QLabel* m_psnr;
    QLabel* m_visible;
    QLabel* m_busy;
    QAction* m_splitAction = nullptr;
    QList<QAction*> m_actions;
    QActionGroup* m_viewGroup;
    SignPreviewPtr m_preview;
    LoadedImagePtr m_images[4];
    View m_view = View::Signed;
};

/// 8-bit RGB: mid-grey + gain * (signedImage - original), clamped. Images of one size.
image::Image amplifiedDifference(const image::Image& original, const image::Image& signedImage, int gain);

}  // namespace signet::ui
