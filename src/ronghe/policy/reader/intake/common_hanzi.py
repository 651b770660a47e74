"""The characters that make up most of any Chinese text, to tell a right decoding from a wrong one.

About two thirds of the characters of a right decoding are found here; of a wrong one, whose characters are spread over
twenty thousand code points, about one in thirty. The set unites the most frequent characters of everyday writing with
those of plans and notices, in simplified and traditional forms.
"""

from typing import Final

COMMON_HANZI: Final = frozenset(
    "一万三上下不与专世业东两並个中为主丽么之乐也乡书了争事二于互些交产享亲人什从他代以们件价任企优会估但位住体何作你使來供依"
    "便促保信個們候值做健偿備像價償優儿允元充先光克兒入內全兩公六共关兴其具典养内再写军农准几出分划则创別利别到制則前創劃力办"
    "功加务动助励動務勵包化区医區十升协協单南卫却卻历原去县参參又及友双发取受变口只叫可台司吃各合同名后向听告员呢命和品員商問"
    "善喫單四回因园围国國圍園土在地场均坚型城域培基堅報場境增士声处备复外多大天太夫失头套女她好如妈委媽子字学孩學它宅守安完定"
    "实家實寫对导将將專對導小少尔就局居展山岁岛島工差己已市布师带師帶常平年并幾广庄序库应底府度庫康廣建开式引张張強强当形往径"
    "很後徑得從復德心快态性总息情想意愛感愿態應成我或战戰戶户房所手才打托批承技把投护报抵押担拉持挂指按振据排掛採探接控推措提"
    "搭擔據支收改放政效教数整數文斯新方於施旅无日时明易是時更書最會月有服望期本术机权村条来東极构林果查标校样核根格案條業極構"
    "樂標模樣機權次正此步歲歷死段母每比民气氣水求污沒没治法活流济海深清游源準满滿濟点無然照營爭爱爲父爾片物牵特牽状狀率环现現"
    "理環生產用由电男界當疗療登發白的益监監目直相省看真眼着知研破础确確礎示社神种科租积移程稜種稳積穩空突立笑符第等策筹算管節"
    "範籌类系納級素索組結給統經綜綠網線編縣總織續级纳线组织经结给统续综绿编网置美羣群老者而职联聯聲職聽股育能自至臺與興色节花"
    "英范莊营萬落處融行術街衛衡补表被裏補西要見規親覺见规觉解計記設許評試話認說調證護變讓计认让记许设证评试话说调象負財責貸費"
    "賃資質负财责质贷费赁资走起路身車軍輕轉车转轻辦農边过运还这进远退适途這通造進遊運過道遠適還邊那部都鄉配醫采里重量金銀鎮银"
    "镇長长門開閒間關门问闲间防阶际限院险階際障險难集雙難電需青面革音項領頭願類项领風风養馬驗马验體高麗麼點鼓"
)
