#include "app/cli/opencv_codec.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

extern "C" bool signetOpenCvCodec(const std::uint8_t* file, std::size_t size, int quality,
                                  std::vector<std::uint8_t>* recoded) {
    try {
        const cv::Mat bytes(1, static_cast<int>(size), CV_8UC1, const_cast<std::uint8_t*>(file));
        const cv::Mat picture = cv::imdecode(bytes, cv::IMREAD_COLOR);
        if (picture.empty()) return false;
        return !recoded || cv::imencode(".jpg", picture, *recoded, {cv::IMWRITE_JPEG_QUALITY, quality});
    } catch (const cv::Exception&) {
        return false;
    }
}
