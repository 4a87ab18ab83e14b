"""The words that the demo's news are made of.

All of it is written for this project: the district, its wards and its people do not exist.
Slots in braces are filled by `news`; a table's order is part of what a seed means.
"""

from __future__ import annotations

import re
from typing import Final


def _lines(text: str) -> tuple[str, ...]:
    """The text's lines; an indented line continues the one above."""
    return tuple(" ".join(line.split()) for line in re.split(r"\n(?! )", text.strip()))


WARDS: Final = (
    "phường Bến Sen", "phường Cầu Trúc", "phường Gò Mây", "phường Rạch Lá", "phường Hoa Cau",
    "phường Đồng Nắng", "phường Bãi Dừa", "phường Xóm Lụa", "phường Giồng Cát",
    "phường Mương Sậy", "phường Vàm Xanh", "phường Cồn Trăng", "phường Chợ Quế",
    "phường Đình Mai",
)  # fmt: skip
ACTORS: Final = (*WARDS, "UBND {district}", "Ủy ban Mặt trận Tổ quốc {district}")

FORMS: Final = (
    "triển khai", "tổ chức hội nghị về", "sơ kết", "tổng kết", "giám sát", "kiểm tra",
    "tập huấn về", "đẩy mạnh", "ra quân thực hiện", "khảo sát", "lấy ý kiến người dân về",
    "đối thoại với người dân về",
)  # fmt: skip
NOTICES: Final = (
    "Thông báo về", "Thông báo lịch kiểm tra", "Thông báo kết quả", "Thư mời góp ý về",
    "Thông báo tạm dừng", "Thông báo tiếp tục", "Danh sách đăng ký tham gia", "Hướng dẫn về",
    "Công bố kế hoạch giám sát", "Thông báo tập huấn về", "Lịch đối thoại về", "Báo cáo tóm tắt",
)  # fmt: skip
OCCASIONS: Final = (
    "năm {year}", "quý I năm {year}", "quý II năm {year}", "quý III năm {year}",
    "quý IV năm {year}", "6 tháng đầu năm {year}", "6 tháng cuối năm {year}",
    "đợt 1 năm {year}", "đợt 2 năm {year}", "đợt 3 năm {year}", "trong tháng cao điểm {year}",
    "giai đoạn {year} - 2030", "trong tuần lễ hành động năm {year}", "theo chủ đề năm {year}",
    "trước mùa mưa năm {year}", "sau đợt rà soát năm {year}",
)  # fmt: skip
SUBJECTS: Final = _lines("""
công tác phòng cháy, chữa cháy tại khu dân cư
việc phân loại chất thải rắn tại nguồn
mô hình “Tuyến hẻm xanh - sạch - đẹp”
quy trình tiếp nhận hồ sơ trực tuyến
công tác giảm nghèo bền vững
chương trình tiêm chủng mở rộng cho trẻ em
kế hoạch phòng, chống sốt xuất huyết
công tác tuyển chọn, gọi công dân nhập ngũ
tiến độ nâng cấp các tuyến hẻm
phong trào khu phố an toàn về an ninh trật tự
hoạt động của tổ công nghệ số cộng đồng
công tác chăm lo người cao tuổi neo đơn
dự án cải tạo hệ thống thoát nước
việc chỉnh trang vỉa hè, lòng đường
chương trình bình ổn giá hàng thiết yếu
công tác an toàn thực phẩm tại bếp ăn tập thể
chiến dịch diệt lăng quăng
kế hoạch thu ngân sách nhà nước
tiến độ giải ngân vốn đầu tư công
việc cấp đổi thẻ bảo hiểm y tế
công tác hòa giải ở cơ sở
phong trào đọc sách trong thanh thiếu nhi
hoạt động khuyến học, khuyến tài
công tác phòng, chống ma túy học đường
chương trình vay vốn giải quyết việc làm
kế hoạch trồng cây xanh công cộng
việc thực hiện quy chế dân chủ ở cơ sở
công tác tiếp công dân, giải quyết đơn thư
hội thi cán bộ cải cách hành chính giỏi
giải bóng đá thiếu niên các phường
lớp dạy bơi miễn phí cho học sinh
ngày hội hiến máu tình nguyện
công tác quản lý trật tự xây dựng
việc số hóa hồ sơ hộ tịch
kế hoạch kiểm tra an toàn chung cư cũ
phiên chợ hàng Việt & đặc sản vùng miền
công tác chuẩn bị năm học mới
chương trình khám sức khỏe học đường
phong trào tuyến đường không rác, không quảng cáo sai quy định
hoạt động của các câu lạc bộ ông bà cháu
công tác phòng, chống dịch Covid-19
việc thanh toán không dùng tiền mặt tại chợ
đề án phát triển kinh tế ban đêm
kế hoạch ứng phó mưa bão, triều cường
công tác rà soát hộ kinh doanh
chương trình bữa sáng đủ chất cho học sinh
cuộc thi ảnh “Nụ cười hẻm nhỏ”
việc lắp đặt camera an ninh khu phố
""")

ROLES: Final = (
    "Chủ tịch UBND {district}", "Phó Chủ tịch UBND {district}", "Bí thư Quận ủy {district}",
    "Trưởng Phòng Nội vụ", "Trưởng Phòng Kinh tế", "Chủ tịch Hội Phụ nữ {district}",
    "Bí thư Quận đoàn", "Trưởng Ban Tuyên giáo Quận ủy", "Trưởng Phòng Quản lý đô thị",
    "Chánh Văn phòng UBND {district}",
)  # fmt: skip
SURNAMES: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLES: Final = ("Thảo", "Quang", "Gia", "Nhật", "Khánh", "Thiên", "Minh", "Hạ", "Đông", "Bảo")
GIVENS: Final = ("Uyên", "Lộc", "Thụy", "Vỹ", "Khôi", "Yên", "Đan", "Trầm", "Nghi", "Hiển")

LEADS: Final = _lines("""
Sáng {date}, {role} {name} cùng đoàn công tác đến làm việc với {actor} về {subject}. Cùng đi có đại
    diện {k} phòng, ban của {district}.
Ngày {date}, {actor} mời {n} đại biểu dự buổi làm việc về {subject}, do {role} {name} điều hành.
Sau {k} tháng chuẩn bị, {subject} đã được giới thiệu tới người dân {ward} vào chiều {date}.
{Actor} vừa công bố số liệu về {subject}: {pct}% kế hoạch đã xong tính đến ngày {date}.
Với {n} lượt người tham gia, {subject} cho thấy sự đồng thuận của người dân {ward}; kết quả được
    {actor} nêu ra ngày {date}.
{Subject} là nội dung chính của phiên họp ngày {date} tại {ward}, có {role} {name} tham dự.
Trong buổi gặp gỡ ngày {date}, {role} {name} lắng nghe ý kiến của {n} hộ dân {ward} xoay quanh
    {subject}.
Theo Công văn số {num}/CV-VP, từ ngày {date}, {actor} thực hiện {subject} trên toàn địa bàn.
""")
PARAGRAPHS: Final = _lines("""
Theo báo cáo của {actor}, trong {k} tháng qua đã có {n} hộ dân đăng ký tham gia, đạt {pct}% so với
    chỉ tiêu; riêng {ward} vượt {m} hộ.
Kinh phí thực hiện là {money} đồng, trong đó ngân sách {district} cấp {pct}%, phần còn lại do các
    đơn vị và người dân cùng đóng góp.
Căn cứ Chỉ thị số {num}-CT/QU, các phường phải gửi số liệu về Văn phòng UBND {district} trước 17 giờ
    ngày {date}, kèm danh sách {m} đầu việc còn chậm.
{Role} {name} cho rằng muốn làm tốt {subject} thì cán bộ phải đến tận nhà, nói ngắn, nói rõ và ghi
    lại từng ý kiến của bà con.
Tại {ward}, tổ công tác đã đi qua {k} khu phố, phát {n} tờ rơi và ghi nhận {m2} kiến nghị, phần lớn
    về lối đi chung và nước thoát chậm.
Bà {name2}, người dân {ward}, kể rằng gia đình bà làm theo hướng dẫn từ đầu năm, mỗi tuần chỉ mất
    chừng {m} phút.
So với cùng kỳ năm {last}, số trường hợp phải nhắc nhở giảm từ {n2} xuống còn {m2}, tương đương
    {pct}%.
Kế hoạch số {num}/KH-UBND nêu {k} nhóm việc, giao cho từng đơn vị, có thời hạn và người chịu trách
    nhiệm; việc nào quá hạn sẽ được nêu tên trong phiên họp tháng sau.
Ông {name2}, tổ trưởng ở {ward}, đề nghị bổ sung {k} điểm tập kết và lắp thêm đèn ở các đoạn hẻm
    tối.
Trả lời vấn đề này, {role2} {name2} cho biết hồ sơ đã trình từ {date}; dự kiến {m} ngày nữa sẽ có
    kết quả.
Đến nay {n} trên tổng số {n2} cơ sở đã ký cam kết; {m} cơ sở còn lại xin gia hạn vì đang sửa chữa
    mặt bằng.
Các trường học trên địa bàn đã lồng ghép {subject} vào {k} tiết sinh hoạt, thu hút {n} học sinh cùng
    phụ huynh.
Hộp thư góp ý đặt tại trụ sở {ward} nhận {m} thư trong tuần đầu, trong đó có thư dài tới {m2} trang
    của một cán bộ hưu trí.
Việc kiểm tra được chia làm {k} đợt, mỗi đợt kéo dài 5 ngày, bắt đầu lúc 8 giờ 30 phút tại {ward}.
Mức hỗ trợ mỗi hộ là {money} đồng, chuyển qua tài khoản; hộ chưa có tài khoản nhận trực tiếp tại
    UBND phường, mang theo giấy tờ tùy thân.
Đoàn thanh niên {ward} nhận phần việc khó nhất: vận động {m} hộ kinh doanh ven kênh dời mái che, trả
    lại {n} mét vuông lối đi.
Qua khảo sát {n} phiếu, {pct}% người được hỏi hài lòng; điểm thấp nhất rơi vào thời gian chờ ở quầy
    số {k}.
Hệ thống mới gửi tin nhắn khi hồ sơ có kết quả. Trong tháng đầu, {n} tin đã gửi đi, {m} tin bị trả
    lại do sai số điện thoại.
Dịp này, {m} tập thể và {m2} cá nhân được {actor} tặng giấy khen theo Quyết định số {num}/QĐ-UBND.
Những nơi còn vướng là các hẻm rộng chưa đến 2 mét ở {ward}, xe chuyên dùng không vào được nên phải
    chuyển bằng tay.
Ban chỉ đạo thống nhất họp giao ban vào thứ Năm mỗi tuần; biên bản cuộc họp đăng công khai trong
    vòng {m} giờ.
Từ nguồn xã hội hóa, {actor} đã trao {n} phần quà, mỗi phần trị giá {money} đồng, cho các hộ khó
    khăn ở {ward}.
""")
CLOSINGS: Final = _lines("""
Kết thúc buổi làm việc, {role} {name} yêu cầu {actor} gửi báo cáo bổ sung trước ngày {later}.
{Actor} cho biết sẽ tổng hợp kết quả về {subject} và công bố vào ngày {later}.
Người dân cần biết thêm có thể gọi số 1900 {n2} hoặc đến trụ sở {ward} trong giờ làm việc.
Đợt tiếp theo dự kiến bắt đầu ngày {later} tại {ward}.
{Role} {name} cảm ơn bà con {ward} đã dành thời gian và hẹn gặp lại trong quý tới.
""")
BULLETS: Final = _lines("""
Rà soát {n} hồ sơ còn tồn tại {ward};
Công khai {m} biểu mẫu tại trụ sở và trên mạng;
Hoàn thành {pct}% khối lượng trước ngày {later};
Phân công {m} cán bộ trực ngoài giờ;
Bố trí {money} đồng cho việc tuyên truyền;
Lập tổ phản ứng nhanh gồm {m} người ở {ward};
Gửi thư ngỏ tới {n} hộ gia đình;
Báo cáo theo mẫu kèm Công văn số {num}/CV-VP;
""")
INTROS: Final = _lines("""
Các việc cần làm ngay gồm:
Buổi làm việc thống nhất những nội dung sau:
{Actor} giao các đơn vị:
""")
TABLES: Final = (
    ("Đơn vị", "Số hộ", "Tỷ lệ (%)"),
    ("Phường", "Chỉ tiêu", "Thực hiện", "So với kế hoạch (%)"),
    ("Địa bàn", "Hồ sơ nhận", "Tỷ lệ đúng hạn (%)"),
)
TABLE_INTRO: Final = "Kết quả cụ thể theo từng đơn vị tính đến ngày {date}:"
CAPTIONS: Final = _lines("""
Quang cảnh buổi làm việc tại {ward}
{Role} {name} trao đổi với người dân (ảnh chụp ngày {date})
Người dân {ward} tham gia {subject}
Một góc {ward} sau đợt ra quân
""")
PAPER: Final = "{num}/KH-UBND"
